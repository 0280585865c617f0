"""Prices rounded to the digits that a binary floating-point number keeps."""

from decimal import Decimal

PRICE_DIGITS = 12  # what a binary double keeps of a price after a multiplication or two


def round_to_digits(number: Decimal, digits: int) -> Decimal:
    """Return the number with so many significant digits. 0 is returned unchanged."""
    return round(number, digits - 1 - number.adjusted()) if number else number


def tidy_price(price: Decimal | int) -> Decimal:
    """Return the price rounded to 12 significant digits, without an exponent or trailing zeros."""
    number = Decimal(price)
    if not number:
        return Decimal(0)
    number = round_to_digits(number, PRICE_DIGITS).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
