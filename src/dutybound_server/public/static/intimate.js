"use strict";

// Pictures become codes here and go nowhere: the file field has no name, so no form sends it.
(() => {
  const area = document.querySelector("[data-pictures]");
  const field = document.getElementById("id_pictures");
  if (!area || !field || !globalThis.createImageBitmap) return;

  const chooser = area.querySelector("input[type=file]");
  const status = area.querySelector("[data-status]");
  const list = area.querySelector("[data-found]");
  const says = area.dataset;
  const names = new Map();
  const codes = () => field.value.split("\n").filter(Boolean);

  function keep(lines) {
    field.value = [...new Set(lines)].join("\n");
    list.replaceChildren(...codes().map(row));
  }

  function row(code, place) {
    const name = document.createElement("bdi");
    name.className = "break";
    name.textContent = names.get(code) || `${says.picture} ${place + 1}`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button-link";
    remove.textContent = says.remove;
    remove.setAttribute("aria-label", `${says.remove}: ${name.textContent}`);
    remove.addEventListener("click", () => {
      keep(codes().filter((one) => one !== code));
      status.textContent = "";
      chooser.focus();
    });
    const item = document.createElement("li");
    item.className = "row";
    item.append(name, " ", remove);
    return item;
  }

  async function codeOf(file) {
    try {
      const { hash, quality } = await PDQ.ofFile(file);
      return quality < PDQ.LEAST_QUALITY ? { problem: says.plain } : { code: `${hash} ${quality}` };
    } catch (error) {
      return { problem: error instanceof PDQ.Hidden ? says.hidden : says.unread };
    }
  }

  async function take() {
    const files = [...chooser.files];
    const troubles = [];
    status.textContent = says.working;
    for (const file of files) {
      const { code, problem } = await codeOf(file);
      if (code) {
        names.set(code, file.name);
        keep([...codes(), code]);
      } else {
        troubles.push(`${file.name}: ${problem}`);
      }
    }
    // The chosen files are let go of: nothing of them is left on the page.
    chooser.value = "";
    status.textContent = troubles.join(" ") || (files.length ? says.ready : "");
  }

  let working = Promise.resolve();
  chooser.addEventListener("change", () => { working = take(); });
  field.form.addEventListener("submit", async (event) => {
    if (status.textContent !== says.working) return;
    event.preventDefault();
    await working;
    field.form.submit();
  });
  keep(codes());
  document.querySelector("[data-no-pictures]").hidden = true;
  area.hidden = false;
  // Chosen before this ran, or given back by the browser.
  if (chooser.files.length) working = take();
})();
