// Wishes of a class's pages, sent as POSTs with the token that the page was given; and what it hears meanwhile.

/**
 * Wish something; true if it was granted.
 * @param {"teacher" | "student"} who
 * @param {string} token
 * @param {Record<string, unknown>} wish
 */
export const wishFor = async (who, token, wish) => (await refusalOf(who, token, wish)) === "";

/**
 * Wish something; why it was not granted, "" if it was, "unheard" if no server answered.
 * @param {"teacher" | "student"} who
 * @param {string} token
 * @param {Record<string, unknown>} wish
 * @returns {Promise<string>}
 */
export async function refusalOf(who, token, wish) {
  try {
    const headers = { "content-type": "application/json", "x-glasshouse-token": token };
    const answer = await fetch(`/api/classroom/${who}`, { method: "POST", headers, body: JSON.stringify(wish) });
    return answer.ok ? "" : String((await answer.json()).error ?? "refused");
  } catch {
    return "unheard"; // no server just now: it is said elsewhere
  }
}

/**
 * Hear what a stream of one kind of events tells; the browser connects again by itself. `gone`: there is no more.
 * @param {"wall" | "voice"} kind
 * @param {(news: any) => void} heard
 * @param {() => void} gone
 */
export function hear(kind, heard, gone) {
  const source = new EventSource(`/api/classroom/${kind}`);
  source.addEventListener(kind, (event) => heard(JSON.parse(event.data)));
  source.addEventListener("gone", () => {
    source.close();
    gone();
  });
  return source;
}

/** The page that this browser is at, by its file's name, and what its address says beside. */
export function whereabouts() {
  const page = location.pathname.split("/").filter(Boolean).at(-1) ?? "start";
  return { page, parts: Object.fromEntries(new URLSearchParams(location.search)) };
}
