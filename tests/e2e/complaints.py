"""What a browser complains about: errors on its console, in its scripts and of its requests, and red boxes."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Response

# Streamlit's own client probes below a page's address first, for servers that host several apps.
_PROBES = ("/_stcore/health", "/_stcore/host-config")
# What its client notes of a wish that comes while a page has no line, as on its way out.
_NO_LINE = "Cannot send rerun backMessage when disconnected"
# Streamlit's own error page is an element of its own; whoever draws one is heard, however short it stands.
_NOTICE_RED_BOXES = """
    const box = '[data-testid="stException"]';
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes)
                if (node.matches?.(box) || node.querySelector?.(box))
                    console.error(`a red box: ${node.textContent.slice(0, 300)}`);
    }).observe(document, { childList: true, subtree: true });
"""


class Complaints:
    """Listens to every context that it is shown; `forgiven` are parts of complaints that a test brings about."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.forgiven: list[str] = []

    @property
    def all(self) -> list[str]:
        """What was complained about and not forgiven."""
        return [each for each in self.heard if not any(part in each for part in self.forgiven)]

    def listen(self, context: BrowserContext) -> None:
        """Hear everything that the pages of this context complain about from now on."""
        context.add_init_script(_NOTICE_RED_BOXES)
        context.on("console", self._on_console)
        context.on("response", self._on_response)
        context.on("weberror", lambda error: self.heard.append(str(error.error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        probed = message.location.get("url", "").endswith(_PROBES)
        if message.type == "error" and not probed and _NO_LINE not in message.text:
            self.heard.append(message.text)

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(_PROBES):
            self.heard.append(f"{response.status} {response.url}")
