"""SIRETs and SIRENs that pass the check and that Insee never gave: they begin with 000."""


def invented_siret(number: int) -> str:
    """The SIRET of the invented manager of that number (five digits are used)."""
    return _with_check_digit(f"{invented_siren(number)}0001")


def invented_siren(number: int) -> str:
    """The SIREN of an invented body of that number (five digits are used)."""
    return _with_check_digit(f"000{number:05}")


def _with_check_digit(digits: str) -> str:
    """The digits and the one that makes the Luhn sum a multiple of ten."""
    doubled = (int(d) * (2 - place % 2) for place, d in enumerate(reversed(digits)))
    total = sum(sum(divmod(value, 10)) for value in doubled)
    return f"{digits}{-total % 10}"
