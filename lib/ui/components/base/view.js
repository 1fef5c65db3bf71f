// One life for every component: it begins at the first call, later calls bring it up to date, and it ends with its place.
const VIEWS = new WeakMap();

/**
 * For a component's default export: keep a `View`, a class of constructor(root, parent), update(data) and perhaps
 * destroy(), which lets go of all that reaches beyond root: observers, streams, timers, listeners elsewhere.
 * `this.component` of a view speaks to the server, with the last call's voice.
 *
 * Streamlit calls again, and cleans the first call up at any time, while the script still loads: a place has one view.
 */
export function keepView(component, selector, View) {
  const { parentElement } = component;
  const root = parentElement.querySelector(selector);
  if (!root) return undefined; // the page has gone on meanwhile
  let kept = VIEWS.get(parentElement);
  if (kept?.root !== root) {
    if (kept) endView(parentElement, kept);
    kept = { root, pristine: root.cloneNode(true), runs: 0 };
    VIEWS.set(parentElement, kept);
  }
  const run = ++kept.runs;
  try {
    kept.view ??= new View(root, parentElement);
    Object.assign(kept.view, { root, component });
    Promise.resolve(kept.view.update(component.data)).catch((error) => showBroken(kept, error));
    mended(kept);
  } catch (error) {
    showBroken(kept, error);
  }
  return () => {
    // Streamlit also cleans up a call that a newer one has overtaken; only the last may end the view.
    if (run === kept.runs && VIEWS.get(parentElement) === kept) endView(parentElement, kept);
  };
}

/** End a view, and leave its place as it was before: a next one finds nothing of it there. */
function endView(parentElement, kept) {
  VIEWS.delete(parentElement);
  try {
    kept.view?.destroy?.();
  } catch (error) {
    console.error(error);
  }
  mended(kept);
  kept.root.replaceWith(kept.pristine);
}

/** One part that cannot be drawn is a sentence in its place; whoever looks after Glasshouse finds the rest in the console. */
function showBroken(kept, error) {
  console.error(error);
  if (kept.notice) return;
  const text = "This part could not be drawn. Reload the page; the rest of it works.";
  kept.notice = Object.assign(document.createElement("p"), { className: "broken-view", textContent: text });
  kept.notice.setAttribute("role", "status");
  kept.root.before(kept.notice);
  kept.root.hidden = true;
}

function mended(kept) {
  if (!kept.notice) return;
  kept.notice.remove();
  kept.notice = null;
  kept.root.hidden = kept.pristine.hidden;
}

/** What a person has set in a widget, kept while another section is open: a copy of `start` at first. */
export function remembered(name, start) {
  window.glasshouseSettings ??= {};
  return (window.glasshouseSettings[name] ??= structuredClone(start));
}

/** A copy of what the first child of a template is. */
export function cloned(parent, name) {
  return parent.querySelector(`template.${name}`).content.firstElementChild.cloneNode(true);
}

/** As many children as needed; those that are there stay, and keep the focus. */
export function fitChildren(parent, length, make) {
  while (parent.children.length > length) parent.lastElementChild.remove();
  while (parent.children.length < length) parent.append(make(parent.children.length));
}
