// A page is shown when it stands. Streamlit draws it piece by piece, its pieces load their scripts one after the other,
// and each pushes down what is below it; all of that happens behind a curtain that opens once, on a first visit for the
// whole window, from page to page below the bar. It opens early where nothing moves any more, or where it takes long.
(() => {
  const root = document.documentElement;
  const [EVERY, STILL, FIRST, NEXT] = [40, 1_500, 30_000, 10_000]; // milliseconds
  let slow = 0; // how long this browser needed for its first heading: what is quick elsewhere takes long here
  const now = () => performance.now();
  let [since, moved, ran, timer] = [now(), now(), false, 0];

  // A component of ours has put its first content in; what Streamlit still loads is a grey bar.
  const isMounted = (host) => Boolean((host.shadowRoot ?? host).querySelector("[class], [data-testid]"));
  const app = () => document.querySelector('[data-testid="stApp"]');

  const stands = () => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (!main || main.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]')) return false;
    if (document.querySelector('[data-testid="stAppSkeleton"]')) return false;
    const hosts = document.querySelectorAll('[data-testid="stBidiComponentIsolated"], [data-testid="stBidiComponentRegular"]');
    return hosts.length > 0 && [...hosts].every(isMounted);
  };

  const look = () => {
    const state = app()?.dataset.testScriptState;
    ran ||= state === "running";
    if (!slow && document.querySelector("#root h1")) slow = now();
    const still = now() - moved > STILL + slow;
    const drawn = ran && state === "notRunning" && stands();
    const first = root.classList.contains("gh-opening");
    const late = now() - since > (first ? FIRST : NEXT) || (first && slow > 0 && now() - slow > NEXT); // nobody waits for all of it
    if (drawn || late || (still && document.querySelector("#root h1"))) open(drawn ? "drawn" : late ? "late" : "still");
  };

  // What other pages draw their curves with is large: it comes once this page has all that it needs.
  const askForPlotly = () => {
    if (document.querySelector("link[data-ahead]")) return;
    const link = Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", href: PLOTLY });
    link.dataset.ahead = "";
    document.head.append(link);
  };

  const open = (why) => {
    clearInterval(timer);
    root.classList.remove("gh-opening", "gh-turning");
    document.getElementById("gh-first")?.remove();
    observer.disconnect();
    performance.mark("gh-stands", { detail: why });
    (window.requestIdleCallback ?? setTimeout)(askForPlotly);
  };

  const observer = new MutationObserver((records) => {
    moved = now();
    ran ||= records.some((record) => record.oldValue === "running"); // it may be over before anybody looks
    look();
  });
  const close = (how) => {
    clearInterval(timer);
    [since, moved, ran] = [now(), now(), false];
    root.classList.add(how);
    observer.observe(root, { subtree: true, childList: true, attributeOldValue: true, attributeFilter: ["data-test-script-state"] });
    timer = setInterval(look, EVERY);
  };
  close("gh-opening");
  addEventListener("gh:turn", () => close("gh-turning"));
})();
