"""The status of a model, which depends on the day. Only a table and a rule: every query reads this module."""

STATUSES = ("preview", "active", "deprecated", "unlisted", "retired")
ENDED = ("deprecated", "unlisted", "retired")  # no longer recommended: a query hides them

# A status that a date of the model begins -> that date's field; the first that applies wins. `store.index.schema` has
# the rule of `find_status` in SQL, made of this table.
DATE_OF_STATUS = {"retired": "retirement_date", "deprecated": "deprecation_date"}


def find_status(stated: str | None, retirement_date: str | None, deprecation_date: str | None, day: str) -> str:
    """Return one of `STATUSES` as of an ISO day: the later of the stated status and the one that the dates mean."""
    if stated == "retired" or (retirement_date and retirement_date <= day):
        return "retired"
    if stated == "deprecated" or (deprecation_date and deprecation_date <= day):
        return "deprecated"
    return stated or "active"
