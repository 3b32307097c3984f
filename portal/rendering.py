"""Turns a template into an answer: everything escaped, with who is signed in."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup, escape

from portal.authorisation import Act, form_token, may
from senacs import french
from senacs.pages.contacts import masked
from senacs.rehearsal import FigureChange
from senacs.templates import environment


@cache
def _environment() -> Environment:
    made = environment("portal")
    made.filters["fr"] = french.typography
    made.filters["capfirst"] = french.capital
    made.filters["number"] = french.number
    made.filters["day"] = french.day
    made.filters["size"] = french.size
    made.filters["paris"] = _in_paris
    made.filters["coded"] = _coded
    made.filters["figure"] = _figure
    made.filters["masked"] = masked
    made.globals["counted"] = french.counted
    made.globals["may"] = may
    made.globals["Act"] = Act
    return made


def _in_paris(moment: datetime) -> str:
    """A moment as it is read in France."""
    local = moment.astimezone(ZoneInfo("Europe/Paris"))
    return f"{french.day(local)} à {local:%H h %M}"


def _coded(text: str) -> Markup:
    """French text in which what stands between backticks is shown as code; all of it escaped."""
    parts = text.split("`")
    parts[::2] = [escape(french.typography(part)) for part in parts[::2]]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup("").join(parts)


def _figure(value: Decimal | None, figure: FigureChange) -> str:
    """A value of a figure, or that nobody is told."""
    if value is None:
        return "–"
    return french.quantity(float(value), figure.unit, figure.decimals)


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """The answer that a template makes of a view model."""
    text = (
        _environment()
        .get_template(template)
        .render(
            account=request.state.account,
            token=form_token(request.state.session_value),
            **context,
        )
    )
    return HTMLResponse(text, status)
