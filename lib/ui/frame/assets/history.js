// One entry of the browser's history for every set-up that a person made. Streamlit makes an entry whenever a page
// writes its address; what only completes the address of an entry, or adds to it which run is in view, stays in that
// entry. This stands in the page itself, because the first address is written before any component is there.
//
// Two parts of an address are for this script alone, and are taken out of what stands in the bar:
// - TURN numbers the last Back or Forward, for as long as it takes Streamlit to read the address. Streamlit keeps it
//   with all that it sends until it comes to another page, and an answer carries the number of its question: so the
//   server knows what the person asked for, even where a later message overtakes this one, and what was written before
//   the person went back cannot take the place of where she is now.
// - PLACE says which page has written it. The next page's address may come while Streamlit is still at the old one: it
//   is no entry there, and Streamlit brings it along when it turns the page.
(() => {
  const SETUP = new Set(NAMES);
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let touched = false; // by the person, since this entry is there
  let [count, turn] = [0, 0]; // of all Backs and Forwards; of the one that led to where she is, 0 for none
  for (const input of ["pointerdown", "keydown"]) addEventListener(input, () => (touched = true), true);

  const setupOf = (address) => [...address.searchParams].filter(([name]) => SETUP.has(name)).map(String).sort().join();
  const settled = (state) => ({ ...state, settled: true }); // the app itself has written this entry's address
  const pageAt = (address) => PAGES.find((page) => address.pathname.endsWith(`/${page}`)) ?? "";

  /** An address without what is for this script, or with a number: as text, for Streamlit writes some signs in its own way. */
  const written = (address, number = 0) => {
    const parts = address.search.slice(1).split("&");
    const others = parts.filter((part) => part && ![TURN, PLACE].includes(part.split("=")[0]));
    const search = [...others, ...(number ? [`${TURN}=${number}`] : [])].join("&");
    return address.pathname + (search && `?${search}`) + address.hash;
  };

  let shown = location.pathname + location.search;
  const write = (way, state, title, address) => {
    way(state, title, written(address));
    shown = location.pathname + location.search;
  };
  const askAgain = () => dispatchEvent(new PopStateEvent("popstate", { state: history.state }));

  addEventListener(
    "popstate",
    () => {
      touched = false;
      const there = location.pathname + location.search;
      if (there !== shown) turn = count += 1; // else a place on the page, or asked again
      shown = there;
      if (!turn) return;
      replace(history.state, "", written(location, turn));
      setTimeout(() => replace(history.state, "", written(location)));
    },
    true,
  );

  /** Where the person is and what is to be written; null where that is not for her. */
  const meant = (address) => {
    const [now, next] = [new URL(location.href), new URL(address ?? location.href, location.href)];
    const place = next.searchParams.get(PLACE);
    if (place !== null && place !== pageAt(next)) return null;
    if (now.pathname === next.pathname && Number(next.searchParams.get(TURN) ?? 0) < turn) {
      setTimeout(askAgain); // it answers a question from before she went back, and Streamlit believes it
      return null;
    }
    return { now, next };
  };

  /** To another page: its address is its own where it has written it already. */
  const turnTo = (next, state, title) => {
    [touched, turn] = [false, 0];
    dispatchEvent(new Event("gh:turn"));
    write(push, next.searchParams.has(PLACE) ? settled(state) : state, title, next);
  };

  history.pushState = (state, title, address) => {
    const found = meant(address);
    if (!found) return;
    const { now, next } = found;
    if (now.pathname !== next.pathname) turnTo(next, state, title);
    else if ((!history.state?.settled && !touched) || setupOf(now) === setupOf(next)) write(replace, settled(state), title, next);
    else write(push, settled(state), title, next);
  };
  history.replaceState = (state, title, address) => {
    const found = meant(address);
    if (found) write(replace, settled(state), title, found.next);
  };
})();
