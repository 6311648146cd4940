"""Chromium as a person has it: a width, a page, what can be seen on it, and a picture for the eye.

Pictures go to build/pictures/NAME-WIDTH.png, when a file of these tests is run by itself.
"""
import base64
import os
from pathlib import Path

import witness
from process import LOOK_AGAIN_S
from selenium import webdriver
from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "pictures"
AXE = ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
WAIT_S = 60  # for a page: a machine that runs five other tests takes its time
# What Selenium says when the page of an element or a script has been replaced by another.
REPLACED = (StaleElementReferenceException, NoSuchElementException, JavascriptException)
REPLACED_WORDS = ("aborted by navigation", "does not belong to the document")
HEIGHT = {360: 780, 1366: 768}
SHELL = "/usr/lib/chromium/chromium-headless-shell"  # the same engine without a desktop's windows: half the work and memory
WHOLE = "/usr/bin/chromium"
QUIET = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=id")


class Browser:
    def __init__(self, base, width, whole=False):
        """whole: the browser with all that people have around its pages; slower, but it keeps the pages one left."""
        self._binary = WHOLE if whole else SHELL
        self.base, self.width, self._first_width = base, width, width
        self._pages = 0

    def __enter__(self):
        options = Options()
        options.binary_location = self._binary
        for argument in QUIET:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", log_path=os.devnull), options=options)
        self.resize(self.width)
        return self

    def anew(self):
        """As a window that somebody else has just opened: starting Chromium again takes a second and a half."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": self.base, "storageTypes": "all"})
        self.driver.get_log("browser")
        self.dark(False)
        self.resize(self._first_width)
        return self

    def resize(self, width):
        """A headless window is never narrower than 500 px; the page may be."""
        self.width = width
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": HEIGHT.get(width, 768), "deviceScaleFactor": 1, "mobile": width < 768})

    def dark(self, wanted=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if wanted else "light"}]})

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, path):
        self.driver.get(self.base + path)
        return self

    @property
    def text(self):
        """What can be read on the page; on the next one, if that comes in between."""
        return self.until(lambda: [self.find("body").text])[0]

    def until(self, look):
        """What look() gives, once that is something. A page that goes away meanwhile is no failure."""
        def steady(_):
            try:
                return look()
            except WebDriverException as gone:
                if isinstance(gone, REPLACED) or any(words in str(gone) for words in REPLACED_WORDS):
                    return None
                raise
        return WebDriverWait(self.driver, WAIT_S, LOOK_AGAIN_S, ()).until(steady)

    @property
    def title(self):
        return self.driver.title

    @property
    def path(self):
        return self.driver.current_url[len(self.base):]

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    @property
    def focused(self):
        """The id of what the keyboard goes to."""
        return self.driver.execute_script("return document.activeElement.id")

    def shows(self, css):
        """Something like that is there and can be seen."""
        return any(found.is_displayed() for found in self.driver.find_elements(By.CSS_SELECTOR, css))

    def type(self, css, text):
        field = self.find(css)
        field.clear()
        field.send_keys(text)
        witness.keep("password" if field.get_attribute("type") == "password" else "text", text)

    def choose(self, css):
        self.find(css).click()

    def log_in(self, login, password):
        """As somebody else than before."""
        self.driver.delete_all_cookies()
        self.open("/masuk")
        self.type("#u", login)
        self.type("#p", password)
        return self.press("Masuk")

    def enter(self, session):
        """As the person of that Session (session.py), whose password was typed there."""
        self.driver.delete_all_cookies()
        self.open("/statis/")
        for name, value in session.cookies.items():
            self.driver.add_cookie({"name": name, "value": value})
        return self

    def submit(self, button):
        """Presses that element and waits for the page behind it."""
        return self.leave(button.click)

    def press(self, text):
        """The button or link with that text; waits for the page behind it."""
        return self.submit(self.driver.find_element(
            By.XPATH, f"//main//*[self::button or self::a][contains(., '{text}')]"))

    def leave(self, act):
        """act() leads to another page; waits until that one is there as a whole."""
        self._pages += 1
        self.driver.execute_script("document.documentElement.number = arguments[0]", self._pages)
        act()
        # One look says both: between two, one page may have become another.
        self.until(lambda: self.driver.execute_script(
            "return document.documentElement.number !== arguments[0] && document.readyState === 'complete'", self._pages))
        return self

    # ---- what every page must keep

    def check(self, name):
        """No sideways scrolling, nothing refused by the content policy; leaves a picture."""
        self.picture(name)
        # Not innerWidth: on a phone it grows with what sticks out.
        wide, room = self.driver.execute_script("const page = document.documentElement; return [page.scrollWidth, page.clientWidth]")
        assert wide <= room, f"{self.path}: {wide} px wide on {room} px"
        refused = [entry["message"] for entry in self.driver.get_log("browser") if "Content Security" in entry["message"]]
        assert not refused, refused
        return self

    def fits(self):
        """How many pixels the page is wider than the screen."""
        # Not innerWidth: on a phone it grows with what sticks out.
        wide, room = self.driver.execute_script("const page = document.documentElement; return [page.scrollWidth, page.clientWidth]")
        return max(wide - room, 0)

    def axe(self, colours_only=False):
        """What axe-core finds against WCAG 2.2 AA, serious or worse: ["rule: element", ...]. colours_only: all else of this
        page has been looked at in another light."""
        if not self.driver.execute_script("return typeof axe !== 'undefined'"):
            self.driver.execute_script(AXE.read_text())
        found = self.driver.execute_async_script("""
            const [rules, done] = arguments;
            axe.run(document, {resultTypes: ["violations"], runOnly: rules})
                .then(result => done(result.violations), error => done([{id: String(error), impact: "critical", nodes: []}]));""",
            OF_COLOURS if colours_only else ALL_RULES)
        return [f"{one['id']}: {' '.join(node['html'] for node in one['nodes'][:3])}" for one in found
                if one["impact"] in ("serious", "critical")]

    def picture(self, name):
        if os.environ.get("PENGADUAND_PICTURES") == "no":  # check.py: nobody looks at them
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        (PICTURES / f"{name}-{self.width}.png").write_bytes(base64.b64decode(shot["data"]))
