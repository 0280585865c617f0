"""The addresses that llmreg knows, with the variables that hold their keys.

Made by `python -m tests.support.trusted_hosts_table` from the built-in sources and from the shipped catalog, and
reviewed as code: a key goes to no other host unless its user says so (docs/security.md). A line is a name, an address
(`-` where there is none) and variables. `${NAME}` in an address stands for that variable of the environment.
"""

SOURCES = """\
ai21 https://api.ai21.com/studio/v1 AI21_API_KEY
anthropic https://api.anthropic.com/v1 ANTHROPIC_API_KEY
azure https://${AZURE_OPENAI_ENDPOINT}/openai/v1 AZURE_OPENAI_API_KEY AZURE_API_KEY
bedrock https://bedrock.${AWS_REGION,AWS_DEFAULT_REGION}.amazonaws.com AWS_BEARER_TOKEN_BEDROCK AWS_SECRET_ACCESS_KEY
bedrock_mantle https://bedrock-mantle.${AWS_REGION,AWS_DEFAULT_REGION}.api.aws/v1 AWS_BEARER_TOKEN_BEDROCK
cerebras https://api.cerebras.ai
chutes https://llm.chutes.ai/v1
cloudflare https://api.cloudflare.com/client/v4/accounts/${CLOUDFLARE_ACCOUNT_ID}/ai CLOUDFLARE_API_TOKEN CLOUDFLARE_API_KEY
cohere https://api.cohere.com/v1 CO_API_KEY COHERE_API_KEY
databricks https://${DATABRICKS_HOST} DATABRICKS_TOKEN
deepgram https://api.deepgram.com/v1 DEEPGRAM_API_KEY
deepinfra https://api.deepinfra.com
deepseek https://api.deepseek.com DEEPSEEK_API_KEY
fireworks_ai https://api.fireworks.ai FIREWORKS_API_KEY
gemini https://generativelanguage.googleapis.com/v1beta GEMINI_API_KEY GOOGLE_API_KEY
github-models https://models.github.ai GITHUB_TOKEN
groq https://api.groq.com/openai/v1 GROQ_API_KEY
heroku https://us.inference.heroku.com
huggingface https://router.huggingface.co/v1
hyperbolic https://api.hyperbolic.xyz/v1 HYPERBOLIC_API_KEY
jina_ai https://api.jina.ai/v1
litellm-proxy http://127.0.0.1:4000 LITELLM_PROXY_API_KEY LITELLM_API_KEY
llamacpp http://127.0.0.1:8080/v1 LLAMA_API_KEY
lmstudio http://127.0.0.1:1234 LM_API_TOKEN
minimax https://api.minimax.io/anthropic/v1 MINIMAX_API_KEY
mistral https://api.mistral.ai/v1 MISTRAL_API_KEY
moonshotai https://api.moonshot.ai/v1 MOONSHOT_API_KEY
nebius https://api.tokenfactory.nebius.com/v1 NEBIUS_API_KEY
novita-ai https://api.novita.ai/openai
nvidia https://integrate.api.nvidia.com/v1
ollama http://127.0.0.1:11434
openai https://api.openai.com/v1 OPENAI_API_KEY
openrouter https://openrouter.ai/api/v1
perplexity https://api.perplexity.ai/v1 PERPLEXITY_API_KEY
replicate https://api.replicate.com/v1 REPLICATE_API_TOKEN
requesty https://router.requesty.ai/v1 REQUESTY_API_KEY
sambanova https://api.sambanova.ai/v1
together_ai https://api.together.ai/v1 TOGETHER_API_KEY
venice https://api.venice.ai/api/v1
vercel https://ai-gateway.vercel.sh/v1
vertex_ai https://aiplatform.googleapis.com/v1beta1 GOOGLE_OAUTH_ACCESS_TOKEN
vllm http://127.0.0.1:8000/v1 VLLM_API_KEY
watsonx https://us-south.ml.cloud.ibm.com
xai https://api.x.ai/v1 XAI_API_KEY
"""

CATALOG = """\
302ai https://api.302.ai/v1 302AI_API_KEY
abacus https://routellm.abacus.ai/v1 ABACUS_API_KEY
abliteration-ai https://api.abliteration.ai/v1 ABLIT_KEY
above https://api.above.dev/v1 ABOVE_API_KEY
agentrouter https://agentrouter.org/v1 AGENTROUTER_API_KEY
agnes https://apihub.agnes-ai.com/v1 AGNES_API_KEY
ai-router https://api.ai-router.dev/v1 AI_ROUTER_API_KEY
ai21 -
aiand -
aihubmix - AIHUBMIX_API_KEY
aiml -
ainetcafe https://microquickjs.com/v1 AINETCAFE_API_KEY
aixy https://api.aixy-gateway.com/v1 AIXY_API_KEY
aki-io https://aki.io/v1 AKI_IO_API_KEY
aleph_alpha -
alibaba https://dashscope-intl.aliyuncs.com/compatible-mode/v1 DASHSCOPE_API_KEY
alibaba-cn https://dashscope.aliyuncs.com/compatible-mode/v1 DASHSCOPE_API_KEY
alibaba-coding-plan https://coding-intl.dashscope.aliyuncs.com/v1 ALIBABA_CODING_PLAN_API_KEY
alibaba-coding-plan-cn https://coding.dashscope.aliyuncs.com/v1 ALIBABA_CODING_PLAN_API_KEY
alibaba-token-plan https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1 ALIBABA_TOKEN_PLAN_API_KEY
alibaba-token-plan-cn https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1 ALIBABA_TOKEN_PLAN_API_KEY
ambient https://api.ambient.xyz/v1 AMBIENT_API_KEY
amd https://developer.amd.com.cn/radeon/api/v1 AMD_API_KEY
anthropic - ANTHROPIC_API_KEY
anyapi https://api.anyapi.ai/v1 ANYAPI_API_KEY
anyscale -
arcee https://api.arcee.ai/api/v1 ARCEE_API_KEY
assemblyai -
atomic-chat http://127.0.0.1:1337/v1 ATOMIC_CHAT_API_KEY
auriko https://api.auriko.ai/v1 AURIKO_API_KEY
avian -
aws_polly -
azure - AZURE_RESOURCE_NAME AZURE_API_KEY
azure-cognitive-services - AZURE_COGNITIVE_SERVICES_RESOURCE_NAME AZURE_COGNITIVE_SERVICES_API_KEY
azure_ai -
bailing https://api.tbox.cn/api/llm/v1/chat/completions BAILING_API_TOKEN
baseten https://inference.baseten.co/v1 BASETEN_API_KEY
bedrock - AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_BEARER_TOKEN_BEDROCK
bee https://api.bee.heossi.com/bee BEE_API_KEY
berget https://api.berget.ai/v1 BERGET_API_KEY
bespoke -
black_forest_labs -
blueclaw https://openai.blueclaw.network/v1 BLUECLAW_API_KEY
bothub https://openai.bothub.ru/v1 BOTHUB_API_KEY
bumblebee -
cerebras - CEREBRAS_API_KEY
chatgpt -
chutes https://llm.chutes.ai/v1 CHUTES_API_KEY
clarifai https://api.clarifai.com/v2/ext/openai/v1 CLARIFAI_PAT
claudinio https://api.claudin.io/v1 CLAUDINIO_API_KEY
clf_ai_gateway -
cline-pass https://api.cline.bot/api/v1 CLINE_API_KEY
cloudferro-sherlock https://api-sherlock.cloudferro.com/openai/v1/ CLOUDFERRO_SHERLOCK_API_KEY
cloudflare https://api.cloudflare.com/client/v4/accounts/${CLOUDFLARE_ACCOUNT_ID}/ai/v1 CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_API_KEY
cloudflare-ai-gateway - CLOUDFLARE_API_TOKEN CLOUDFLARE_ACCOUNT_ID CLOUDFLARE_GATEWAY_ID
codestral -
cognition -
cohere - COHERE_API_KEY
coralbricks -
cortecs https://api.cortecs.ai/v1 CORTECS_API_KEY
crof https://crof.ai/v1 CROF_API_KEY
crossmodel https://api.crossmodel.ai/v1 CROSSMODEL_API_KEY
crusoe -
daoxe https://daoxe.com/v1 DAOXE_API_KEY
darkbloom -
databricks https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1 DATABRICKS_HOST DATABRICKS_TOKEN
deepgram -
deepinfra - DEEPINFRA_API_KEY
deepseek https://api.deepseek.com DEEPSEEK_API_KEY
digitalocean https://inference.do-ai.run/v1 DIGITALOCEAN_ACCESS_TOKEN
dinference https://api.dinference.com/v1 DINFERENCE_API_KEY
doubleword -
drun https://chat.d.run/v1 DRUN_API_KEY
ebcloud https://maas-api.ebcloud.com/v1 EBCLOUD_API_KEY
echo https://echo.tracerml.ai/v1 ECHO_API_KEY
edenai https://api.edenai.run/v3 EDENAI_API_KEY
elevenlabs -
empiriolabs https://api.empiriolabs.ai/v1 EMPIRIOLABS_API_KEY
eu_jev -
evroc https://models.think.evroc.com/v1 EVROC_API_KEY
fal_ai -
fastrouter https://go.fastrouter.ai/api/v1 FASTROUTER_API_KEY
featherless_ai -
firepass -
fireworks_ai https://api.fireworks.ai/inference/v1/ FIREWORKS_API_KEY
freemodel https://cc.freemodel.dev/v1 FREEMODEL_API_KEY
friendliai https://api.friendli.ai/serverless/v1 FRIENDLI_TOKEN
frogbot https://app.frogbot.ai/api/v1 FROGBOT_API_KEY
gemini - GOOGLE_API_KEY GOOGLE_GENERATIVE_AI_API_KEY GEMINI_API_KEY
gigachat -
github-copilot https://api.githubcopilot.com GITHUB_TOKEN
github-models https://models.github.ai/inference GITHUB_TOKEN
gitlab - GITLAB_TOKEN
gmicloud https://api.gmi-serving.com/v1 GMICLOUD_API_KEY
greenpt https://api.greenpt.ai/v1 GREENPT_API_KEY
groq - GROQ_API_KEY
helicone https://ai-gateway.helicone.ai/v1 HELICONE_API_KEY
heroku -
hetzner https://inference.hetzner.com/api/v1 HETZNER_API_KEY
hostinger_router -
hpc-ai https://api.hpc-ai.com/inference/v1 HPC_AI_API_KEY
huggingface https://router.huggingface.co/v1 HF_TOKEN
huggingface_cerebras -
huggingface_fireworks-ai -
huggingface_groq -
huggingface_hyperbolic -
huggingface_nebius -
huggingface_novita -
huggingface_nscale -
huggingface_ovhcloud -
huggingface_publicai -
huggingface_sambanova -
huggingface_together -
hyper https://hyper.charm.land/v1 HYPER_API_KEY
hyperbolic -
iflowcn https://apis.iflow.cn/v1 IFLOW_API_KEY
impossibl https://api.impossibl.com/v1 IMPOSSIBL_API_KEY
inception https://api.inceptionlabs.ai/v1/ INCEPTION_API_KEY
inceptron https://api.inceptron.io/v1 INCEPTRON_API_KEY
inco https://api.inco.ai/v1 INCO_API_KEY
infer https://infer.flow7.org/v1 INFER_API_KEY
inference https://inference.net/v1 INFERENCE_API_KEY
inferenceapis -
inferx https://model.inferx.net/endpoints/v1 INFERX_API_KEY
infomaniak https://api.infomaniak.com/2/ai/${INFOMANIAK_PRODUCT_ID}/openai/v1 INFOMANIAK_API_KEY INFOMANIAK_PRODUCT_ID
io-net https://api.intelligence.io.solutions/api/v1 IOINTELLIGENCE_API_KEY
iteracompute https://api.iteracompute.com/v1 ITERACOMPUTE_API_KEY
jalapeno https://api.jalapeno-cloud.ai/v1 JALAPENO_API_KEY
jiekou https://api.jiekou.ai/openai JIEKOU_API_KEY
jina_ai -
kenari https://kenari.id/v1 KENARI_API_KEY
kilo https://api.kilo.ai/api/gateway KILO_API_KEY
kimi-code-plan-global https://api.kimi.ai/coding/v1
kimi-for-coding https://api.kimi.com/coding/v1 KIMI_API_KEY
kiro -
klokintegration https://api-gw.klok.ipaas.se/proxy/kloker-key/v1 KLOKINTEGRATION_API_KEY
kosmik https://api.koscompute.com/v1 KOSMIK_API_KEY
kuae-cloud-coding-plan https://coding-plan-endpoint.kuaecloud.net/v1 KUAE_API_KEY
kyma -
lambda_ai -
laya -
lemonade -
libertai -
lilac https://api.getlilac.com/v1 LILAC_API_KEY
llamagate -
llmgateway https://api.llmgateway.io/v1 LLMGATEWAY_API_KEY
llmgateway-providers https://api.llmgateway.io/v1 LLMGATEWAY_API_KEY
llmtech https://api.llmtech.eu/v1 LLMTECH_API_KEY
llmtr https://llmtr.com/v1 LLMTR_API_KEY
lmstudio http://127.0.0.1:1234/v1 LMSTUDIO_API_KEY
longcat https://api.longcat.chat/openai LONGCAT_API_KEY
lucidquery https://api.lucidquery.com/v1 LUCIDQUERY_API_KEY
lynkr http://127.0.0.1:8081/v1 LYNKR_API_KEY
meganova https://api.meganova.ai/v1 MEGANOVA_API_KEY
melious https://api.melious.ai/v1 MELIOUS_API_KEY
merge-gateway - MERGE_GATEWAY_API_KEY
meta -
meta_llama https://api.llama.com/compat/v1/ LLAMA_API_KEY
microsoft_365_copilot -
minimax https://api.minimax.io/anthropic/v1 MINIMAX_API_KEY
minimax-cn https://api.minimaxi.com/anthropic/v1 MINIMAX_API_KEY
minimax-cn-coding-plan https://api.minimaxi.com/anthropic/v1 MINIMAX_API_KEY
minimax-coding-plan https://api.minimax.io/anthropic/v1 MINIMAX_API_KEY
mistral - MISTRAL_API_KEY
mixlayer https://models.mixlayer.ai/v1 MIXLAYER_API_KEY
moark https://moark.com/v1 MOARK_API_KEY
mock -
modal https://inference.us-west.modal.direct/v1 MODAL_PROXY_TOKEN
model-oracle-ai https://api.modeloracle.com/api/v1 MODEL_ORACLE_API_KEY
modelis https://modelishub.com/v1 MODELIS_API_KEY
modelscope https://api-inference.modelscope.cn/v1 MODELSCOPE_API_KEY
moonshotai https://api.moonshot.ai/v1 MOONSHOT_API_KEY
moonshotai-cn https://api.moonshot.cn/v1 MOONSHOT_API_KEY
morph https://api.morphllm.com/v1 MORPH_API_KEY
nace -
nan https://api.nan.builders/v1 NAN_API_KEY
nano-gpt https://nano-gpt.com/api/v1 NANO_GPT_API_KEY
nearai https://cloud-api.near.ai/v1 NEARAI_API_KEY
nebius https://api.tokenfactory.nebius.com/v1 NEBIUS_API_KEY
neon ${NEON_AI_GATEWAY_BASE_URL}/ai-gateway/mlflow/v1 NEON_AI_GATEWAY_BASE_URL NEON_AI_GATEWAY_TOKEN
neosmith https://router.neosmith.ai/v1 NEOSMITH_API_KEY
neuralwatt https://api.neuralwatt.com/v1 NEURALWATT_API_KEY
nlp_cloud -
nova https://api.nova.amazon.com/v1 NOVA_API_KEY
novita-ai https://api.novita.ai/openai NOVITA_API_KEY
nscale -
nvidia https://integrate.api.nvidia.com/v1 NVIDIA_API_KEY
oci -
ofox https://api.ofox.ai/v1 OFOX_API_KEY
ollama -
ollama-cloud https://ollama.com/v1 OLLAMA_API_KEY
openai - OPENAI_API_KEY
opencode https://opencode.ai/zen/v1 OPENCODE_API_KEY
opencode-go https://opencode.ai/zen/go/v1 OPENCODE_API_KEY
openinfer -
openreason https://api.openreason.app/v1 OPENREASON_API_KEY
openrouter https://openrouter.ai/api/v1 OPENROUTER_API_KEY
opper https://api.opper.ai/v3/compat OPPER_API_KEY
orcarouter https://api.orcarouter.ai/v1 ORCAROUTER_API_KEY
ovhcloud https://oai.endpoints.kepler.ai.cloud.ovh.net/v1 OVHCLOUD_API_KEY
palm -
parallel_ai -
pareto https://api.paretoinference.com/v1 PARETO_API_KEY
pendra https://api.pendra.ai/api/v1 PENDRA_API_KEY
perplexity - PERPLEXITY_API_KEY
perplexity-agent https://api.perplexity.ai/v1 PERPLEXITY_API_KEY
pinstripes -
pioneer https://api.fastino.ai/v1 PIONEER_API_KEY
poe https://api.poe.com/v1 POE_API_KEY
poolside https://inference.poolside.ai/v1 POOLSIDE_API_KEY
prism -
privatemode-ai http://localhost:8080/v1 PRIVATEMODE_API_KEY PRIVATEMODE_ENDPOINT
publicai -
qihang-ai https://api.qhaigc.net/v1 QIHANG_API_KEY
qiniu-ai https://api.qnaigc.com/v1 QINIU_API_KEY
qvac - QVAC_API_KEY
qwen_ai_platform -
recraft -
reducto -
refuseless -
regolo-ai https://api.regolo.ai/v1 REGOLO_API_KEY
replicate -
requesty https://router.requesty.ai/v1 REQUESTY_API_KEY
routing-run https://ai.routing.sh/v1 ROUTING_RUN_API_KEY
runinfra https://api.runinfra.ai/v1 RUNINFRA_GATEWAY_KEY
runwayml -
sagemaker -
sail -
sakana https://api.sakana.ai/v1 SAKANA_API_KEY
salad-cloud - SALAD_CLOUD_API_KEY
sambanova -
sap-ai-core - AICORE_SERVICE_KEY
sarvam https://api.sarvam.ai/v1 SARVAM_API_KEY
scaledown -
scaleway https://api.scaleway.ai/v1 SCALEWAY_API_KEY
scnet-token-plan https://api.scnet.cn/api/llm/v1 SCNET_API_KEY
scx-ai -
sensenova https://token.sensenova.cn/v1 SENSENOVA_API_KEY
siliconflow https://api.siliconflow.com/v1 SILICONFLOW_API_KEY
siliconflow-cn https://api.siliconflow.cn/v1 SILICONFLOW_CN_API_KEY
snowflake https://${SNOWFLAKE_ACCOUNT}.snowflakecomputing.com/api/v2/cortex/v1 SNOWFLAKE_ACCOUNT SNOWFLAKE_CORTEX_PAT
soniox -
stability -
stackit https://api.openai-compat.model-serving.eu01.onstackit.cloud/v1 STACKIT_API_KEY
standardcompute https://api.stdcmpt.com/v1 STANDARDCOMPUTE_API_KEY
stepfun https://api.stepfun.com/v1 STEPFUN_API_KEY
stepfun-ai https://api.stepfun.ai/step_plan/v1 STEPFUN_API_KEY
stepfun-ai-step-plan https://api.stepfun.ai/step_plan/v1 STEPFUN_API_KEY
stepfun-step-plan https://api.stepfun.com/step_plan/v1 STEPFUN_API_KEY
strands_decider -
streamlake -
subconscious https://api.subconscious.dev/v1 SUBCONSCIOUS_API_KEY
submodel https://llm.submodel.ai/v1 SUBMODEL_INSTAGEN_ACCESS_KEY
synthetic https://api.synthetic.new/openai/v1 SYNTHETIC_API_KEY
tempr https://api.temprhq.io/v1 TEMPR_API_KEY
tencent -
tencent-coding-plan https://api.lkeap.cloud.tencent.com/coding/v3 TENCENT_CODING_PLAN_API_KEY
tencent-token-plan https://api.lkeap.cloud.tencent.com/plan/v3 TENCENT_TOKEN_PLAN_API_KEY
tencent-tokenhub https://tokenhub.tencentmaas.com/v1 TENCENT_TOKENHUB_API_KEY
tensormesh -
tensorx https://api.tensorx.ai/v1 TENSORX_API_KEY
the-grid-ai https://api.thegrid.ai/v1 THEGRIDAI_API_KEY
thinkingmachines https://tinker.thinkingmachines.dev/services/tinker-prod/anthropic/api/v1 TINKER_API_KEY
tinfoil https://inference.tinfoil.sh/v1 TINFOIL_API_KEY
together_ai - TOGETHER_API_KEY
tokengo https://api.tokengo.com/v1 TOKENGO_API_KEY
tokenrouter https://api.tokenrouter.com/v1 TOKENROUTER_API_KEY
transcribe -
trustedrouter https://api.trustedrouter.com/v1 TRUSTEDROUTER_API_KEY
typesafe -
umans-ai https://api.code.umans.ai/v1 UMANS_AI_API_KEY
umans-ai-coding-plan https://api.code.umans.ai/v1 UMANS_AI_CODING_PLAN_API_KEY
unorouter https://api.unorouter.com/v1 UNOROUTER_API_KEY
upstage https://api.upstage.ai/v1/solar UPSTAGE_API_KEY
v0 - V0_API_KEY
vancine https://vancine.com/v1 VANCINE_API_KEY
venice - VENICE_API_KEY
vercel - AI_GATEWAY_API_KEY
vertex_ai - GOOGLE_VERTEX_PROJECT GOOGLE_VERTEX_LOCATION GOOGLE_APPLICATION_CREDENTIALS
vispark https://api.lab.vispark.in/v1 VISPARK_LAB_API_KEY
vivgrid https://api.vivgrid.com/v1 VIVGRID_API_KEY
volcengine -
volcengine-coding-plan https://ark.cn-beijing.volces.com/api/coding/v3 ARK_CODING_PLAN_API_KEY
voyage -
vultr https://api.vultrinference.com/v1 VULTR_API_KEY
wafer.ai https://pass.wafer.ai/v1 WAFER_API_KEY
wallaby https://api.wallabytoken.com/v1 WALLABY_API_KEY
wally -
wandb https://api.inference.wandb.ai/v1 WANDB_API_KEY
watsonx -
xai - XAI_API_KEY
xiaomi https://api.xiaomimimo.com/v1 XIAOMI_API_KEY
xiaomi-token-plan-ams https://token-plan-ams.xiaomimimo.com/v1 XIAOMI_API_KEY
xiaomi-token-plan-cn https://token-plan-cn.xiaomimimo.com/v1 XIAOMI_API_KEY
xiaomi-token-plan-sgp https://token-plan-sgp.xiaomimimo.com/v1 XIAOMI_API_KEY
xpersona https://www.xpersona.co/v1 XPERSONA_API_KEY
zai https://api.z.ai/api/paas/v4 ZHIPU_API_KEY
zai-coding-plan https://api.z.ai/api/coding/paas/v4 ZHIPU_API_KEY
zeldoc https://api.zeldoc.ai/v1 ZELDOC_API_KEY
zenifra https://ai.zenifra.com/v1 ZENIFRA_AI_KEY
zenmux https://zenmux.ai/api/v1 ZENMUX_API_KEY
zerogpu -
zhipuai https://open.bigmodel.cn/api/paas/v4 ZHIPU_API_KEY
zhipuai-coding-plan https://open.bigmodel.cn/api/coding/paas/v4 ZHIPU_API_KEY
"""
