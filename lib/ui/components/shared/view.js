// One view for each place on the page: made at first, updated afterwards, ended when the place goes.
const VIEWS = new WeakMap();

/** For a component's default export: keep a `View` (constructor(root, parent), update(data), perhaps destroy()). */
function keepView(component, selector, View) {
  const { parentElement, data } = component;
  const root = parentElement.querySelector(selector);
  let view = VIEWS.get(parentElement);
  if (view?.root !== root) {
    view?.destroy?.();
    view = new View(root, parentElement);
    Object.assign(view, { root, runs: 0 });
    VIEWS.set(parentElement, view);
  }
  view.component = component;
  view.update(data);
  const run = ++view.runs;
  return () => {
    // Streamlit also cleans up a run that a newer one has overtaken; only the last may end the view.
    if (run !== view.runs) return;
    view.destroy?.();
    VIEWS.delete(parentElement);
  };
}

/** What a person has set in a widget, kept while another section is open: a copy of `start` at first. */
function remembered(name, start) {
  window.glasshouseSettings ??= {};
  return (window.glasshouseSettings[name] ??= structuredClone(start));
}

/** A copy of what the first child of a template is. */
function cloned(parent, name) {
  return parent.querySelector(`template.${name}`).content.firstElementChild.cloneNode(true);
}

/** As many children as needed; those that are there stay, and keep the focus. */
function fitChildren(parent, length, make) {
  while (parent.children.length > length) parent.lastElementChild.remove();
  while (parent.children.length < length) parent.append(make(parent.children.length));
}
