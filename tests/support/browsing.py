"""The portal as people meet it: served on loopback, and looked at with a real browser."""

import contextlib
import contextvars
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

BROWSER = os.environ.get("SENACS_TEST_BROWSER") or shutil.which("chromium")
"""Debian's Chromium, or one that is named."""
SHOTS = os.environ.get("SENACS_TEST_SHOTS")
"""Folder for pictures of the pages, to be looked at; none are taken without."""


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application on a free port, for the duration of the block."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    started = threading.Event()

    async def startup(sockets: object = None, begin=server.startup) -> None:
        await begin(sockets)
        started.set()

    server.startup = startup
    # What directs Prefect holds for this thread and for what it starts.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(server.run,), daemon=True)
    thread.start()
    assert started.wait(30), "the portal does not start"
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; skips where there is none."""
    if not BROWSER or not Path(BROWSER).exists():
        pytest.skip("no browser: install Debian's chromium, or name one in SENACS_TEST_BROWSER")
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=alone)
        try:
            yield browser
        finally:
            browser.close()


class Keyboard:
    """Somebody without a mouse: reaches what has the focus, and nothing else."""

    def __init__(self, page: Page):
        self.page = page

    def reach(self, name: str) -> None:
        """Go on with Tab until something of that name has the focus."""
        passed = []
        for _ in range(150):
            self.page.keyboard.press("Tab")
            passed.append(self._focused())
            if name in passed[-1]:
                return
        raise AssertionError(f"the keyboard does not reach {name!r}: {passed}")

    def enter(self, name: str) -> None:
        """Follow that link, or press that button."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, name: str, text: str) -> None:
        """Fill that field."""
        self.reach(name)
        self.page.keyboard.type(text)

    def _focused(self) -> str:
        said = self.page.evaluate(
            """() => {
                const one = document.activeElement;
                const labels = [...(one.labels || [])].map(label => label.innerText);
                const text = one.matches('a, button') ? one.innerText : '';
                return [one.getAttribute('aria-label'), ...labels, text].join(' ');
            }"""
        )
        return " ".join(said.split())


def shot(page: Page, name: str) -> None:
    """A picture of the whole page, where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
