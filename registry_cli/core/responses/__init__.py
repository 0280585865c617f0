"""What providers' responses say was used: which names count what, and how a call is read from them."""
