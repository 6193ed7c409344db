/* The filing page: shows what the machine understands while one types, finds communes of other
   provinces, and keeps the draft on this device; page.js drops it once the receipt has come. The page works without it. */
(() => {
  "use strict";
  const start = (form) => {
    const text = form.elements.text;
    const place = form.elements.place_text;
    const commune = form.elements.commune;
    const shown = form.querySelector("[data-understood]");
    const over = document.querySelector("[data-over]");
    const WAIT_MS = 900;

    // --- the draft: only the words, never a name or a number of the sender ---
    const DRAFT = "draft";
    const keep = () => { try { localStorage.setItem(DRAFT, JSON.stringify({ text: text.value, place: place.value, apart: text.value.trim() ? apart.value : "" })); } catch { /* full or private */ } };
    const kept = () => { try { return JSON.parse(localStorage.getItem(DRAFT) || "null"); } catch { return null; } };
    const apart = form.elements.apart;
    const draft = kept();
    if (draft && !text.value && !place.value) {
      text.value = draft.text || "";
      place.value = draft.place || "";
      apart.value = draft.apart || "";
    }
    // What goes apart can be brought back: whoever writes of something else is not kept waiting for a person.
    const aside = form.querySelector("[data-apart]");
    const together = aside.querySelector("[data-together]");
    aside.hidden = apart.value !== "True";
    together.hidden = false;
    together.addEventListener("click", () => { apart.value = ""; aside.hidden = true; keep(); ask(); text.focus(); });

    // --- what the machine understands ---
    // Whoever wants to stay unknown is told what in his words may name him.
    const boxes = ["hidden", "anonymous"].map((name) => form.elements[name]).filter(Boolean);
    const named = form.querySelector("[data-named-here]");
    const unknown = () => boxes.filter((box) => box.checked).map((box) => box.name);
    let timer = 0;
    let running = null;
    let last = "";
    const ask = async () => {
      const said = [text.value, place.value, commune.value, form.elements.lat.value, apart.value, unknown().join()].join("\n");
      if (said === last) return;
      last = said;
      if (running) running.abort();
      running = new AbortController();
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("text", text.value.slice(0, 4000));
      body.set("place_text", place.value.slice(0, 300));
      body.set("commune", commune.value);
      body.set("apart", apart.value);
      unknown().forEach((name) => body.set(name, "on"));
      body.set("lat", form.elements.lat.value);
      body.set("lon", form.elements.lon.value);
      try {
        const answer = await fetch(form.dataset.read, { method: "POST", body, signal: running.signal });
        if (!answer.ok) return;
        shown.innerHTML = await answer.text();
        over.replaceChildren(...shown.querySelectorAll("[data-alarm]"));
        markSame();
        if (named) named.replaceChildren(...shown.querySelectorAll("[data-named]"));
        fold();
      } catch { /* offline or superseded: the page goes on without */ }
    };
    // Where it happened is asked only while it is not known; whoever opens or fills that part keeps it open.
    const where = form.querySelector("[data-where]");
    let touched = false;
    where.querySelector("summary").addEventListener("click", () => { touched = true; });
    const fold = () => {
      const used = touched || place.value || commune.value || form.elements.lat.value || where.contains(document.activeElement);
      if (!used) where.open = !shown.querySelector("[data-place-known]");
    };
    const soon = () => { keep(); clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); };
    [text, place].forEach((box) => box.addEventListener("input", soon));
    [commune, ...boxes].forEach((box) => box.addEventListener("change", soon));
    if (text.value) soon();

    // --- where the telephone is: only when asked to, taken back by a second tap ---
    const tellsWhere = (here) => {
      const [spot, told] = [here.querySelector("button"), here.querySelector("[data-got]")];
      here.hidden = !navigator.geolocation || !window.isSecureContext;
      const stands = (coords) => {
        form.elements.lat.value = coords ? coords.latitude.toFixed(6) : "";
        form.elements.lon.value = coords ? coords.longitude.toFixed(6) : "";
        told.textContent = coords ? told.dataset.got.replace("{m}", Math.ceil(coords.accuracy)) : "";
        spot.setAttribute("aria-pressed", String(Boolean(coords)));
        soon();
      };
      spot.setAttribute("aria-pressed", String(Boolean(form.elements.lat.value)));
      spot.addEventListener("click", () => {
        if (spot.getAttribute("aria-pressed") === "true") { stands(null); return; }
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => stands(coords),
          () => { told.textContent = told.dataset.not; },
          { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
        );
      });
    };
    form.querySelectorAll("[data-here]").forEach(tellsWhere);

    // The same matter as a public one: one tap says so, a second takes it back.
    const same = form.elements.same_as;
    const markSame = () => {
      const buttons = [...shown.querySelectorAll("[data-same]")];
      if (!buttons.some((button) => button.dataset.same === same.value)) same.value = "";
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.same === same.value)));
    };
    shown.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-same]");
      if (!button) return;
      same.value = same.value === button.dataset.same ? "" : button.dataset.same;
      markSame();
    });

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

    // --- files are kept: a form that comes back with a mistake takes the chosen files over ---
    const files = form.elements.files;
    const buttons = form.querySelectorAll("button[type=submit]");
    const word = form.querySelector(".button.go").lastChild;
    const ready = word.textContent;
    const waits = (on) => {
      buttons.forEach((button) => { button.disabled = on; });
      word.textContent = on ? form.dataset.sending : ready;
    };
    const trouble = (words) => {
      const told = form.querySelector("[data-trouble]");
      told.querySelector("[data-words]").textContent = words;
      told.hidden = false;
      told.focus();
      waits(false);
    };
    form.addEventListener("submit", async (event) => {
      if (!files.files.length) return;
      event.preventDefault();
      waits(true);
      const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
      if (size > Number(form.dataset.most)) { setTimeout(() => trouble(form.dataset.tooLarge)); return; }
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Keeps-Files": "1" } });
        if (answer.redirected) { location.assign(answer.url); return; }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-filing]");
        if (!fresh) { trouble(page.querySelector("h1").textContent); return; }
        fresh.elements.files.replaceWith(files);
        form.replaceWith(fresh);
        start(fresh);
        fresh.querySelector("#errors").focus();
      } catch { trouble(form.dataset.away); }
    });
  };
  const form = document.querySelector("[data-filing]");
  if (form) start(form);
})();
