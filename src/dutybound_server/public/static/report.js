"use strict";

// Leaving: the page is replaced, so that "back" does not lead here; the form is forgotten on the
// way. Without JavaScript the button does the same by a form of its own.
const SAFE_PLACE = "https://www.bbc.co.uk/weather";

function leave(event) {
  event?.preventDefault();
  document.title = "…";
  document.body.hidden = true;
  const form = document.querySelector("[data-leave]")?.form;
  if (form) fetch(form.action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(SAFE_PLACE);
}

document.querySelector("[data-leave]")?.addEventListener("click", leave);

let escapes = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  escapes = [...escapes, event.timeStamp].filter((moment) => event.timeStamp - moment < 3000);
  if (escapes.length >= 3) leave();
});

// Proof of work: count up until the hash of challenge and count begins with enough zero bits.
async function prove(challenge, bits) {
  const encoder = new TextEncoder();
  for (let count = 0; ; count++) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${count}`)));
    if (zeroBits(digest) >= bits) return String(count);
  }
}

function zeroBits(digest) {
  let bits = 0;
  for (const byte of digest) {
    if (byte === 0) { bits += 8; continue; }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

const work = document.querySelector("form[data-challenge]");
if (work && globalThis.crypto?.subtle) {
  const proof = work.elements.proof;
  const found = prove(work.dataset.challenge, Number(work.dataset.bits)).then((count) => { proof.value = count; });
  work.addEventListener("submit", async (event) => {
    if (proof.value) return;
    event.preventDefault();
    work.querySelector("[data-working]").hidden = false;
    await found;
    work.submit();
  });
}
