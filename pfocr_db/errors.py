"""What can go wrong and is not a bug. Each message says what, where and what to do."""


class PfocrDbError(Exception):
    """Nothing was changed; the command ends with `exit_code`."""

    exit_code = 1


class UsageError(PfocrDbError):
    """The command's words cannot be carried out as they stand."""

    exit_code = 2


class SchemaError(PfocrDbError):
    """The database's tables are not those this version works with."""


class LoadError(PfocrDbError):
    """A load was given up; the database is as it was."""


class DatabaseHeldError(PfocrDbError):
    """Another load is writing; trying again later is the answer (EX_TEMPFAIL)."""

    exit_code = 75
