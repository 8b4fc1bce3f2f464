"""Are the Finnish and Swedish texts complete? English needs none: the msgids are English."""


def complete() -> bool:
    return True
