"""A SQLite database: the tables and views that `llmreg sql` asks, for a person's own programs."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from registry_cli.exports import Exported, Shelf
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.index.rows import write_provider, write_vocabulary
from registry_cli.store.index.schema import TABLES, VIEWS


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """One database file; its views answer as of the day it is asked. Every fact is in it, structure as JSON."""
    del day
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    connection.executescript(VIEWS)
    write_vocabulary(connection, read_vocabulary())
    for shelf in shelves:
        provider = replace(shelf.provider, models={model.id: model for model in shelf.models})
        write_provider(connection, provider, "")
    connection.commit()
    data = connection.serialize()
    connection.close()
    return Exported({"": data})
