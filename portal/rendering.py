"""Turns a template into an answer: everything escaped, with who is signed in."""

from functools import cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from portal.authorisation import Act, form_token, may
from senacs import french
from senacs.templates import environment


@cache
def _environment() -> Environment:
    made = environment("portal")
    made.filters["fr"] = french.typography
    made.globals["may"] = may
    made.globals["Act"] = Act
    return made


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
