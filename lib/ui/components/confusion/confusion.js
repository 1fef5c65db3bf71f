// A small confusion matrix, repainted in place: rows are the truth, columns the net's answers.
const STRONG = 0.55; // share from which the colour is dark enough for light letters

export default function (component) {
  const { parentElement, data } = component;
  const root = parentElement.querySelector(".confusion");
  const shape = JSON.stringify(data.classes);
  if (root.dataset.shape !== shape) build(root, data.classes);
  root.dataset.shape = shape;
  draw(root, data);
}

function build(root, classes) {
  const header = (text, scope) => {
    const cell = document.createElement("th");
    cell.scope = scope;
    cell.title = text;
    cell.append(Object.assign(document.createElement("span"), { textContent: text }));
    return cell;
  };
  const top = document.createElement("tr");
  top.append(document.createElement("td"), ...classes.map((name) => header(name, "col")));
  top.firstChild.className = "corner";
  root.querySelector("thead").replaceChildren(top);
  const rows = classes.map((name, truth) => {
    const row = document.createElement("tr");
    const cells = classes.map((_, answer) => {
      const cell = document.createElement("td");
      cell.className = truth === answer ? "right" : "";
      return cell;
    });
    row.append(header(name, "row"), ...cells);
    return row;
  });
  root.querySelector("tbody").replaceChildren(...rows);
}

function draw(root, { classes, counts, caption }) {
  let [right, total] = [0, 0];
  [...root.querySelectorAll("tbody tr")].forEach((row, truth) => {
    const sum = counts[truth].reduce((a, b) => a + b, 0);
    total += sum;
    right += counts[truth][truth];
    [...row.querySelectorAll("td")].forEach((cell, answer) => {
      const found = counts[truth][answer];
      const share = sum ? found / sum : 0;
      setText(cell, found ? count(found) : "");
      cell.style.setProperty("--share", `${Math.round(100 * share)}%`);
      cell.classList.toggle("strong", share >= STRONG);
      cell.title = `${count(found)} of ${count(sum)} × ${classes[truth]} taken for ${classes[answer]}`;
    });
  });
  setText(root.querySelector(".caption"), caption);
  setText(root.querySelector("caption"), `Rows are the truth, columns the answers. ${caption}`);
  const says = `rows: truth, columns: answer · ${count(right)} of ${count(total)} right, ${percent(right / total)}`;
  setText(root.querySelector(".says"), says);
  root.dataset.right = right;
}
