// While the server is away: one quiet line in the page's language in place of Streamlit's box, which asks about the
// internet and stands before the page. Streamlit goes on by itself once the server is back; what is drawn stays.
(() => {
  const root = document.documentElement;
  window.glasshouseWords = WORDS; // also for a part of the page that cannot be drawn
  const [BLIP, BACK] = [1_200, 4_000]; // milliseconds: nobody needs to hear of a shorter one; how long "back" stands
  const [CONNECTED, FOREVER] = ["CONNECTED", "DISCONNECTED_FOREVER"]; // Streamlit's words
  const line = Object.assign(document.createElement("p"), { id: "gh-away", hidden: true });
  line.setAttribute("role", "status");
  let [state, timer, wasThere] = ["", 0, false];

  const say = (name) => {
    line.textContent = WORDS[root.lang]?.[name] ?? WORDS.en[name];
    line.hidden = false;
  };

  // Pressed, its own Close keeps it away until the connection is there again; else it would keep the focus.
  const dismiss = () => {
    for (const box of document.querySelectorAll('[data-testid="stDialog"]:not(:has([data-testid="stVerticalBlock"]))')) {
      box.querySelector("section > button")?.click();
    }
  };

  const become = (next) => {
    const was = state;
    if (next === was) return;
    state = next;
    const isHere = next === CONNECTED;
    wasThere ||= isHere;
    root.classList.toggle("gh-away", wasThere && !isHere);
    if (!wasThere || (!isHere && was !== CONNECTED && next !== FOREVER)) return;
    clearTimeout(timer);
    if (next === FOREVER) say("forever");
    else if (!isHere) timer = setTimeout(say, BLIP, "lost");
    else if (!line.hidden) {
      say("back");
      timer = setTimeout(() => (line.hidden = true), BACK);
    }
  };

  const look = () => {
    if (!line.isConnected) document.body?.append(line); // there before it speaks, or nobody is told
    become(document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState ?? state);
    if (root.classList.contains("gh-away")) dismiss();
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, attributeFilter: ["data-test-connection-state"] });
})();
