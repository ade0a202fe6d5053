"use strict";

// <dutybound-report service="ridge" item="TOKEN" lang="en"><a href="…">Report</a></dutybound-report>
// A button that opens a small form: own words first; the rest is asked on the report page, which
// opens in a new tab. No frame, no cookie here, nothing fetched, no style of the page is touched.
// Colours: set --dutybound-colour and --dutybound-text on the element.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const WORDS = {
    en: {
      report: "Report", title: "Report this", danger: "Is someone in danger now? Call 999 first.",
      ask: "What is wrong? Use your own words.", go: "Continue", close: "Close",
    },
    cy: {
      report: "Rhoi gwybod", title: "Rhoi gwybod am hyn", danger: "A oes rhywun mewn perygl nawr? Ffoniwch 999 yn gyntaf.",
      ask: "Beth sydd o'i le? Defnyddiwch eich geiriau eich hun.", go: "Parhau", close: "Cau",
    },
  };
  const STYLE = new CSSStyleSheet();
  STYLE.replaceSync(`
    :host { display: inline-block; }
    button { min-height: 44px; padding: 8px 16px; border: 1px solid currentcolor; border-radius: 6px; background: transparent; color: inherit; font: inherit; cursor: pointer; }
    button.main { border-color: transparent; background: var(--dutybound-colour, #0a6660); color: var(--dutybound-text, #fff); }
    :focus-visible { outline: 3px solid; outline-offset: 2px; }
    dialog { box-sizing: border-box; width: min(32rem, calc(100vw - 2rem)); padding: 24px; border: 1px solid #74837e; border-radius: 6px; background: #fff; color: #16211f; font: 1rem/1.5 system-ui, sans-serif; }
    dialog::backdrop { background: rgb(0 0 0 / 50%); }
    h2 { margin: 0 0 16px; font-size: 1.25rem; }
    textarea { box-sizing: border-box; width: 100%; padding: 8px; border: 1px solid #74837e; border-radius: 6px; background: #fff; color: inherit; font: inherit; }
    .row { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 0; }
    @media (prefers-color-scheme: dark) { dialog, textarea { background: #141c1c; color: #e4ebe9; } }
  `);

  class DutyboundReport extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [STYLE];
      this.words = WORDS[this.lang] ?? WORDS.en;
      const open = this.make("button", { type: "button", textContent: this.words.report });
      open.setAttribute("aria-haspopup", "dialog");
      const dialog = this.dialog();
      open.addEventListener("click", () => dialog.showModal());
      root.append(open, dialog);
    }

    dialog() {
      const words = this.words;
      const dialog = this.make("dialog");
      dialog.setAttribute("aria-labelledby", "title");
      const address = `${origin}/report/${encodeURIComponent(this.getAttribute("service") ?? "")}/`;
      const form = this.make("form", { method: "post", action: address, target: "_blank" });
      const told = { item: this.getAttribute("item") ?? "", from: "widget", lang: this.lang || "en", for: this.getAttribute("version") ?? "" };
      for (const [name, value] of Object.entries(told)) {
        if (value) form.append(this.make("input", { type: "hidden", name, value }));
      }
      const row = this.make("p", { className: "row" });
      const close = this.make("button", { type: "button", textContent: words.close });
      close.addEventListener("click", () => dialog.close());
      row.append(this.make("button", { className: "main", textContent: words.go }), close);
      form.append(
        this.make("h2", { id: "title", textContent: words.title }),
        this.make("p", { textContent: words.danger }),
        this.make("label", { htmlFor: "words", textContent: words.ask }),
        this.make("textarea", { id: "words", name: "words", rows: 5, maxLength: 20000 }),
        row,
      );
      form.addEventListener("submit", () => dialog.close());
      dialog.append(form);
      return dialog;
    }

    make(tag, properties = {}) {
      return Object.assign(document.createElement(tag), properties);
    }
  }

  customElements.define("dutybound-report", DutyboundReport);
})();
