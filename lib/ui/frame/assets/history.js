// One entry of the browser's history for every set-up that a person made. Streamlit makes an entry whenever a page
// writes its address; what only completes the address of an entry, or adds to it which run is in view, stays in that
// entry. This stands in the page itself, because the first address is written before any component is there.
(() => {
  const SETUP = new Set(NAMES);
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let touched = false; // by the person, since this entry is there
  for (const input of ["pointerdown", "keydown"]) addEventListener(input, () => (touched = true), true);
  addEventListener("popstate", () => (touched = false), true);

  const setupOf = (address) => [...address.searchParams].filter(([name]) => SETUP.has(name)).map(String).sort().join();
  const settled = (state) => ({ ...state, settled: true }); // the app itself has written this entry's address

  history.pushState = (state, title, address) => {
    const [now, next] = [new URL(location.href), new URL(address ?? location.href, location.href)];
    const another = now.pathname !== next.pathname;
    const untouched = !history.state?.settled && !touched;
    if (another) touched = false;
    if (another) push(state, title, address);
    else if (untouched || setupOf(now) === setupOf(next)) replace(settled(state), title, address);
    else push(settled(state), title, address);
  };
  history.replaceState = (state, title, address) => replace(settled(state), title, address);
})();
