// An auditor's seed: made in this browser, remembered by this tab, told only when they send it.
// Without this file, or without a secure connection, a seed made elsewhere is typed in.
"use strict";

const SEED_BYTES = 32;
const form = document.querySelector("[data-seed-of]");
const kept = `dutybound.seed.${form?.dataset.seedOf}`;

const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

async function makeSeed() {
  const bytes = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  sessionStorage.setItem(kept, hex(bytes));
  form.elements.commitment.value = hex(await crypto.subtle.digest("SHA-256", bytes));
  showSeed(hex(bytes));
}

function showSeed(seed) {
  form.querySelector("[data-seed]").textContent = seed;
  form.querySelector("[data-seed-file]").href = `data:text/plain,${seed}%0A`;
  form.querySelector("[data-seed-shown]").hidden = false;
}

const seed = form?.elements.seed;
if (seed && !seed.value) seed.value = sessionStorage.getItem(kept) ?? "";

const made = form?.querySelector("[data-seed-made]");
if (made && crypto.subtle) {
  made.hidden = false;
  made.querySelector("[data-make-seed]").addEventListener("click", makeSeed);
}
