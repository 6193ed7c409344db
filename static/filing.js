/* The filing page: shows what the machine understands while one types, finds communes of other
   provinces, and keeps the draft on this device; page.js drops it once the receipt has come. The page works without it. */
(() => {
  "use strict";
  const form = document.querySelector("[data-filing]");
  if (!form) return;
  const text = form.elements.text;
  const place = form.elements.place_text;
  const commune = form.elements.commune;
  const shown = form.querySelector("[data-understood]");
  const over = document.querySelector("[data-over]");
  const WAIT_MS = 900;

  // --- the draft: only the words, never a name or a number of the sender ---
  const DRAFT = "draft";
  const keep = () => { try { localStorage.setItem(DRAFT, JSON.stringify({ text: text.value, place: place.value })); } catch { /* full or private */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(DRAFT) || "null"); } catch { return null; } };
  const draft = kept();
  if (draft && !text.value && !place.value) {
    text.value = draft.text || "";
    place.value = draft.place || "";
  }

  // --- what the machine understands ---
  let timer = 0;
  let running = null;
  let last = "";
  const ask = async () => {
    const said = [text.value, place.value, commune.value].join("\n");
    if (said === last) return;
    last = said;
    if (running) running.abort();
    running = new AbortController();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("text", text.value.slice(0, 4000));
    body.set("place_text", place.value.slice(0, 300));
    body.set("commune", commune.value);
    try {
      const answer = await fetch(form.dataset.read, { method: "POST", body, signal: running.signal });
      if (!answer.ok) return;
      shown.innerHTML = await answer.text();
      over.replaceChildren(...shown.querySelectorAll("[data-alarm]"));
    } catch { /* offline or superseded: the page goes on without */ }
  };
  const soon = () => { keep(); clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); };
  [text, place].forEach((box) => box.addEventListener("input", soon));
  commune.addEventListener("change", soon);
  if (text.value) soon();

  // A place that lies in several communes is settled with one tap.
  shown.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-commune]");
    if (!button) return;
    const code = button.dataset.commune;
    if (![...commune.options].some((option) => option.value === code)) commune.add(new Option(button.textContent, code));
    commune.value = code;
    ask();
  });

  // --- communes of another province ---
  const box = form.querySelector("[data-province]");
  const province = box.querySelector("select");
  box.hidden = false;
  province.addEventListener("change", async () => {
    const answer = await fetch(`${form.dataset.communes}?tinh=${encodeURIComponent(province.value)}`);
    if (!answer.ok) return;
    const { communes } = await answer.json();
    commune.replaceChildren(...communes.map(([code, name]) => new Option(name, code)));
    soon();
  });
})();
