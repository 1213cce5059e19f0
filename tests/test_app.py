"""The composition root: what is wired together for every command."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.app import open_directory, vonage_login
from bot.errors import LoginRefused
from bot.models import Problem
from bot.sandbox.server import serving
from bot.sandbox.vonage.app import TOKEN_PATH, create_vonage
from bot.tasks import Tasks
from tests.running_bot import settings_for
from tests.vonage.api import soon


async def test_start_after_a_refused_login_reports_it_without_a_login(tmp_path):
    """A bot that needs no call yet says that the run before it was refused, and until when."""
    vonage = create_vonage(faults={"login_refused": None})
    async with serving(vonage) as url, httpx.AsyncClient(trust_env=False) as http:
        settings = settings_for(url, url, data_dir=tmp_path)
        with pytest.raises(LoginRefused):
            await vonage_login(settings, http).token(soon())
        tasks = Tasks()
        async with open_directory(settings, tasks) as directory, asyncio.timeout(20):
            while not directory.status().problems:  # noqa: ASYNC110 - there is no event
                await asyncio.sleep(0)
            status = directory.status()
        await tasks.drain(0)
    assert status.problems == (Problem.LOGIN_REFUSED,)
    assert status.next_login_at is not None
    assert [call.path for call in vonage.state.vonage.calls.latest] == [TOKEN_PATH]
