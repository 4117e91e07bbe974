"""The page in a real browser: a talk, a yes, a no, text of others, keys and a screen reader."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import ScriptedBackend

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="chromium is not installed",
    ),
]

_HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>1</script>"


class Page:
    """The page, driven as a person does: by what is seen and by keys."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def wait(self, found: Callable[[], Any]) -> Any:
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        # What is drawn anew in between is looked for again.
        drawn = (StaleElementReferenceException,)
        return WebDriverWait(self.driver, 60, 0.05, drawn).until(lambda _: found())

    def text(self) -> str:
        return str(self.driver.execute_script("return document.body.innerText"))

    def sees(self, text: str) -> None:
        self.wait(lambda: text in self.text())

    def press(self, name: str) -> None:
        def pressed() -> bool:
            for button in self.driver.find_elements("tag name", "button"):
                if button.text == name:
                    button.click()
                    return True
            return False

        self.wait(pressed)

    def say(self, text: str) -> None:
        field = self.wait(lambda: self.driver.find_elements("id", "said"))[0]
        field.send_keys(text + "\ue007")


@contextmanager
def browsing(url: str, token: str, *flags: str) -> Generator[Page]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        driver.get(f"{url}#token={token}")
        yield Page(driver)
        severe = [e for e in driver.get_log("browser") if e["level"] == "SEVERE"]  # type: ignore[no-untyped-call]
        assert not severe
    finally:
        driver.quit()


@pytest.fixture
def page(
    serve: Serve, request: pytest.FixtureRequest, tmp_path: Path
) -> Generator[Page]:
    asked = getattr(request, "param", ())
    if asked == "sample":
        # Imported here: a home like anybody's, and no part of what is tested.
        from agentkit_tools.sample import make_home

        make_home(tmp_path / "home", datetime.now().astimezone())
        asked = ()
    client = serve(*asked)
    token = client.headers["Authorization"].removeprefix("Bearer ")
    with browsing(str(client.base_url), token, "--lang=en") as opened:
        yield opened


def test_a_message_is_shown_sent_and_taken_back(page: Page, tmp_path: Path) -> None:
    """The main job of the page: say, see, agree, look it up, undo."""
    page.say("send a message to bob@example.org: hello there")
    page.sees("May I do this?")
    assert "hello there" in page.text()
    page.press("Yes, do it")
    page.sees("waits in the outbox")
    assert list((tmp_path / "home").rglob("outbox*"))
    page.press("Done for you")
    page.press("Take back")
    page.sees("undone")


@pytest.mark.parametrize("page", ["sample"], indirect=True)
def test_the_main_job_is_done_in_the_page(page: Page) -> None:
    """Ten messages become a summary and invites, each of which was shown before."""
    page.say(
        "Summarize my last 10 messages, pick out the action items, and send calendar "
        "invites for the follow-up meetings."
    )
    page.sees("May I do this?")
    asked = page.text().count("May I do this?")
    for _ in range(asked):
        page.press("Yes, do it")
    page.sees("Invited")
    page.press("Done for you")
    page.wait(lambda: page.text().count("send_invite") >= asked)


def test_a_no_is_a_no(page: Page) -> None:
    """What is refused is not done, and stands in no journal."""
    page.say("send a message to bob@example.org: hello there")
    page.press("No")
    page.wait(lambda: "May I do this?" not in page.text())
    page.press("Done for you")
    page.sees("Nothing yet.")


def test_a_deed_is_told_in_words(page: Page) -> None:
    """What a tool did stands there as a person would say it, and not as code has it."""
    page.say("send a message to bob@example.org: hello there")
    page.press("No")
    page.sees("send message · refused")


def test_a_talk_is_deleted_when_the_user_agrees(page: Page) -> None:
    """The sign beside "Send" asks first: what it deletes is gone."""
    page.say("15 % of 80")
    page.sees("12")

    def press_sign() -> Any:
        sign = page.driver.find_element("css selector", "[title='Delete this talk']")
        sign.click()
        return page.driver.switch_to.alert

    press_sign().dismiss()
    page.sees("15 % of 80")
    press_sign().accept()
    page.wait(lambda: "15 % of 80" not in page.text())


def test_the_page_as_a_whole_does_not_scroll(page: Page) -> None:
    """Only the talk does: the field to write in is always seen whole."""
    page.say("15 % of 80")
    page.sees("12")
    app = "const a = document.getElementById('app'); return a.scrollHeight - a.clientHeight"
    assert page.driver.execute_script(app) == 0


def test_a_change_is_what_is_sent(page: Page) -> None:
    """What the user changed before the yes is carried out, and not what was asked."""
    page.say("send a message to bob@example.org: hello there")
    page.press("Change")
    field = page.wait(
        lambda: [
            one
            for one in page.driver.find_elements("css selector", ".ask textarea")
            if one.get_property("value") == "hello there"
        ]
    )[0]
    field.send_keys(" and good morning")
    page.press("Yes, do it")
    page.sees("hello there and good morning")


@pytest.mark.parametrize(
    "page", [(ScriptedBackend([_HOSTILE], repeat=True),)], indirect=True
)
def test_text_of_others_stays_text(page: Page) -> None:
    """Markup in an answer is shown as it is and never becomes part of the page."""
    page.say("read the mail " + _HOSTILE)
    page.wait(lambda: page.text().count("<script>") >= 2)
    assert page.driver.title == "agentkit"
    assert not page.driver.find_elements("css selector", "#app img, #app script")


def test_a_wrong_token_opens_nothing(serve: Serve) -> None:
    """The page says so, and the right one typed in opens it."""
    client = serve()
    token = client.headers["Authorization"].removeprefix("Bearer ")
    with browsing(str(client.base_url), "wrong-token-of-a-stranger") as page:
        page.sees("This token opens nothing")
        page.driver.find_element("id", "token").send_keys(token + "\ue007")
        page.sees("New talk")
        log = page.driver.get_log("browser")  # the 401 that was meant
        assert all("401" in one["message"] for one in log)


def test_it_speaks_the_browsers_language(serve: Serve) -> None:
    """A German browser is spoken to in German, and the page says that it is German."""
    client = serve()
    token = client.headers["Authorization"].removeprefix("Bearer ")
    with browsing(str(client.base_url), token, "--accept-lang=de") as page:
        page.sees("Neues Gespräch")
        html = page.driver.find_element("tag name", "html")
        assert html.get_attribute("lang") == "de"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(page: Page, scheme: str) -> None:
    """No serious finding of axe, in both schemes, with a talk and a question open."""
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    axe = Path(package.origin).with_name("axe.min.js").read_text("utf-8")
    page.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    page.say("send a message to bob@example.org: hello there")
    page.sees("May I do this?")
    page.driver.execute_script(axe)
    found = page.driver.execute_async_script(
        "axe.run().then(arguments[arguments.length - 1])"
    )
    told = [
        (one["id"], [n["html"] for n in one["nodes"]]) for one in found["violations"]
    ]
    assert not told


def test_a_phone_shows_all_of_it(page: Page) -> None:
    """Nothing stands beside a narrow screen."""
    page.driver.set_window_size(390, 800)
    page.say("15 % of 80")
    page.sees("12")
    width = "return document.getElementById('app').scrollWidth <= innerWidth"
    assert page.driver.execute_script(width)


def test_keys_do_all_of_it(page: Page) -> None:
    """A yes is given without a mouse: the question has the focus, and the yes is next."""
    page.say("send a message to bob@example.org: hello there")
    page.sees("May I do this?")
    page.wait(lambda: page.driver.switch_to.active_element.tag_name == "h2")
    page.driver.switch_to.active_element.send_keys("\ue004")
    assert page.driver.switch_to.active_element.text == "Yes, do it"
    page.driver.switch_to.active_element.send_keys("\ue007")
    page.sees("waits in the outbox")
