// Comfort for forms that citizens fill in on a phone and a slow line: one question a screen, a draft, files with progress,
// the phone's position. Without it the same form is one page and is sent as any other.
"use strict";

(() => {
  const DRAFT = "pengaduan.draf";
  const DAY = 24 * 3600 * 1000, DRAFT_DAYS = 7;
  const FILES_MOST = 10, BYTES_MOST = 25 * 1024 * 1024;
  const BAD_LINE = "Sambungan terputus. Isian dan berkas Anda masih ada di layar ini; coba kirim lagi.";
  let picked = []; // files outlive a page that came back with errors

  const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const status = (words = "") => {
    const line = make("p", { className: "muted", textContent: words });
    line.setAttribute("role", "status");
    return line;
  };
  const button = (words, press, kind = "btn") => {
    const made = make("button", { type: "button", className: kind, textContent: words });
    made.addEventListener("click", press);
    return made;
  };
  const size = bytes => bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;
  const seen = element => element.getClientRects().length > 0;

  // ---- draft: on this device only

  const draft = {
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(DRAFT));
        return kept && Date.now() - kept.at < DRAFT_DAYS * DAY ? kept : null;
      } catch { return null; }
    },
    write(kept) { try { localStorage.setItem(DRAFT, JSON.stringify(kept)); return true; } catch { return false; } },
    drop() { try { localStorage.removeItem(DRAFT); } catch { /* none could be kept */ } },
  };

  function fill(form, fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name];
      if (field && !(field.type === "hidden" && name !== "titik")) field.value = value;
    }
  }

  function keepDraft(form) {
    const fresh = form.elements.kiriman.value, before = draft.read(), line = status();
    let timer;
    const forget = button("Hapus draf", () => { draft.drop(); location.assign(location.href); }, "btn btn--quiet");
    const say = words => { line.textContent = words; forget.hidden = false; };
    forget.hidden = true;
    form.lastElementChild.append(line, forget);
    if (before && !document.getElementById("salah")) {
      fill(form, before.fields);
      if (before.sent) form.elements.kiriman.value = before.sent; // the answer may have been lost, not the complaint
      say("Draf Anda yang tersimpan di perangkat ini sudah diisikan kembali.");
    }
    const save = sent => {
      const fields = {};
      for (const [name, value] of new FormData(form))
        if (typeof value === "string" && !["kiriman", "karcis", "situs_web"].includes(name)) fields[name] = value;
      if (draft.write({ at: Date.now(), fields, sent })) say("Draf tersimpan di perangkat ini saja, paling lama tujuh hari.");
    };
    form.addEventListener("input", () => {
      form.elements.kiriman.value = fresh; // other words are another complaint
      clearTimeout(timer);
      timer = setTimeout(() => { timer = 0; save(); }, 400);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); timer = 0; save(form.elements.kiriman.value); });
    addEventListener("pagehide", () => { if (timer) save(); });
  }

  // ---- files

  function keepFiles(input) {
    const list = make("ul", { className: "picked" }), note = status();
    const show = () => {
      const carrier = new DataTransfer();
      for (const file of picked) carrier.items.add(file);
      input.files = carrier.files;
      list.replaceChildren(...picked.map(file => make("li", { className: "cluster spread" },
        make("span", { textContent: `${file.name}, ${size(file.size)}` }),
        button("Hapus", () => {
          picked = picked.filter(one => one !== file);
          note.textContent = `${file.name} dihapus.`;
          show();
        }, "btn btn--quiet"))));
      for (const [i, row] of [...list.children].entries())
        row.lastChild.setAttribute("aria-label", `Hapus ${picked[i].name}`);
    };
    input.addEventListener("change", () => {
      const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
      const fresh = [...input.files].filter(file => !picked.some(one => same(one, file)));
      let left = [];
      for (const file of fresh) {
        const all = picked.reduce((sum, one) => sum + one.size, file.size);
        if (picked.length < FILES_MOST && all <= BYTES_MOST) picked.push(file);
        else left.push(file.name);
      }
      note.textContent = left.length
        ? `Tidak ditambahkan: ${left.join(", ")}. Paling banyak 10 berkas, seluruhnya 25 MB.`
        : `${picked.length} berkas siap dikirim.`;
      show();
    });
    input.closest(".field").append(list, note);
    if (picked.length) show();
  }

  // ---- the phone's position

  function offerPlace(form) {
    const area = form.querySelector("[data-place]");
    if (!area || !navigator.geolocation || !window.isSecureContext) return;
    const line = status(), field = form.elements.titik;
    const press = button("Tambahkan lokasi ponsel", () => {
      if (field.value) {
        field.value = "";
        line.textContent = "Titik lokasi dihapus.";
        press.textContent = "Tambahkan lokasi ponsel";
        return;
      }
      line.textContent = "Mencari lokasi…";
      navigator.geolocation.getCurrentPosition(found => {
        field.value = `${found.coords.latitude.toFixed(6)},${found.coords.longitude.toFixed(6)}`;
        line.textContent = `Titik lokasi ditambahkan, teliti sampai sekitar ${Math.ceil(found.coords.accuracy)} meter.`;
        press.textContent = "Hapus titik lokasi";
      }, () => {
        line.textContent = "Lokasi tidak dapat dibaca. Cukup tulis tempatnya.";
      }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
    });
    area.append(press, line);
    area.hidden = false;
  }

  // ---- one question a screen

  function complain(field) {
    const id = field.id + "-galat", known = document.getElementById(id);
    field.setAttribute("aria-invalid", "true");
    field.closest(".field").classList.add("field--error");
    if (!known) {
      field.before(make("p", { id, className: "error", textContent: field.dataset.need }));
      field.setAttribute("aria-describedby", `${id} ${field.getAttribute("aria-describedby") ?? ""}`.trim());
    }
    field.focus();
  }

  function praise(field) {
    document.getElementById(field.id + "-galat")?.remove();
    field.removeAttribute("aria-invalid");
    field.closest(".field").classList.remove("field--error");
  }

  function complete(group) {
    for (const field of group.querySelectorAll("[data-need]")) {
      if (!seen(field)) continue;
      if ([...field.value.trim()].length < Number(field.dataset.least ?? 1)) { complain(field); return false; }
      praise(field);
    }
    return true;
  }

  // What was answered, to look over before it is sent.
  function answers(group) {
    const rows = [], radios = group.querySelectorAll("[type=radio]:checked");
    for (const radio of radios) {
      const words = radio.closest("label").querySelector("b, span:last-child").firstChild.textContent;
      rows.push([group.querySelector("legend").firstChild.textContent.trim(), words]);
    }
    for (const field of group.querySelectorAll(".input")) {
      const label = group.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim();
      const words = field.type === "file" ? picked.map(file => file.name).join(", ")
        : field.tagName === "SELECT" ? field.selectedOptions[0].textContent : field.value;
      if (words.trim() && getComputedStyle(field.closest(".field")).display !== "none") rows.push([label, words]);
    }
    return rows;
  }

  function inSteps(form) {
    const groups = [...form.querySelectorAll(":scope > .question")], end = form.lastElementChild;
    const where = status(), check = make("dl", { className: "facts" });
    const review = make("section", { className: "stack" }, make("h2", { textContent: "Periksa lalu kirim" }), check);
    const back = button("Kembali", () => history.back()), on = button("Lanjut", () => step(1), "btn btn--main btn--big");
    const bar = make("p", { className: "cluster" }, on, back);
    let at = 0;
    const asked = () => groups.filter(group => {
      const hidden = group.hidden;
      group.hidden = false;
      const shown = getComputedStyle(group).display !== "none";
      group.hidden = hidden;
      return shown;
    });
    const show = (to, move) => {
      const list = asked();
      at = Math.max(0, Math.min(to, list.length));
      for (const group of groups) group.hidden = group !== list[at];
      end.hidden = review.hidden = at < list.length;
      on.hidden = at === list.length;
      back.hidden = at === 0;
      where.textContent = at < list.length ? `Langkah ${at + 1} dari ${list.length + 1}` : "Langkah terakhir";
      if (at === list.length) {
        for (const group of groups) group.hidden = !list.includes(group); // seen for a moment: what is not asked says nothing
        check.replaceChildren(...list.flatMap(group => answers(group)).flatMap(([name, words]) =>
          [make("dt", { textContent: name }), make("dd", { className: "words", textContent: words })]));
        for (const group of groups) group.hidden = true;
      }
      if (!move) return;
      const head = at < list.length ? list[at].querySelector("legend") : review.firstChild;
      head.tabIndex = -1;
      head.focus({ preventScroll: window.parent === window }); // in a frame it is the page around that scrolls
      window.scrollTo(0, 0);
    };
    const step = by => {
      if (by > 0 && !complete(asked()[at])) return;
      history.pushState({ langkah: at + by }, "");
      show(at + by, true);
    };
    form.addEventListener("keydown", event => { // Enter goes on; it would send the whole form
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || on.hidden) return;
      event.preventDefault();
      step(1);
    });
    onpopstate = event => show(event.state?.langkah ?? 0, true);
    form.classList.add("in-steps");
    form.prepend(where);
    end.before(review);
    form.append(bar);
    history.replaceState({ langkah: 0 }, "");
    show(0, false);
  }

  // ---- sending

  // The server asks for work of the machine when too many forms come at once (daemon/web/gate.h).
  async function prove(challenge, bits) {
    const encoder = new TextEncoder();
    for (let n = 0; ; n++) {
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${n}`)));
      let zeros = 0;
      for (const byte of sum) {
        zeros += Math.clz32(byte) - 24;
        if (byte) break;
      }
      if (zeros >= bits) return n;
    }
  }

  function refused(form, words) {
    form.querySelector(".not-sent")?.remove();
    const alert = make("p", { className: "not-sent error", textContent: words });
    alert.setAttribute("role", "alert");
    form.lastElementChild.before(alert);
  }

  function send(form, press, words) {
    const bar = make("progress", { max: 1, value: 0 }), line = status("Mengirim…");
    bar.setAttribute("aria-label", "Pengiriman");
    press.after(bar, line);
    const over = () => {
      bar.remove();
      line.remove();
      press.textContent = words;
      form.removeAttribute("aria-busy");
    };
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.upload.onprogress = event => {
      bar.value = event.loaded / event.total;
      line.textContent = `Mengirim… ${Math.round(100 * bar.value)} %`;
    };
    request.onerror = request.ontimeout = request.onabort = () => { over(); refused(form, BAD_LINE); };
    request.onload = () => {
      if (request.status === 200) {
        addEventListener("pageshow", over, { once: true }); // he may come back to this very page
        location.assign(request.responseURL);
        return;
      }
      over();
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status !== 422 || !page.querySelector("main form")) {
        const said = page.querySelector("main p")?.textContent ?? "";
        refused(form, `Belum terkirim. ${said} Isian dan berkas Anda masih ada di layar ini.`);
        return;
      }
      page.documentElement.className = document.documentElement.className;
      document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
      dispatchEvent(new Event("pengaduan:halaman"));
      document.querySelector(".files-lost")?.remove();
      begin();
      document.getElementById("salah")?.focus();
    };
    request.send(new FormData(form));
  }

  function sendWell(form) {
    form.addEventListener("submit", event => {
      event.preventDefault();
      if (form.getAttribute("aria-busy")) return;
      const press = event.submitter ?? form.querySelector("button:not([type])"), words = press.textContent;
      form.querySelector(".not-sent")?.remove();
      form.setAttribute("aria-busy", "true");
      press.textContent = "Mengirim…";
      send(form, press, words);
    });
  }

  async function proveIfAsked(form) {
    const field = form.elements.bukti;
    if (!field || !crypto.subtle) return;
    field.value = await prove(field.dataset.challenge, Number(field.dataset.bits));
    document.querySelector(".wait")?.remove();
    form.requestSubmit();
  }

  function begin() {
    for (const form of document.querySelectorAll("form[enctype]")) {
      const input = form.querySelector("[type=file]");
      if (input) keepFiles(input);
      if (form.dataset.draft !== undefined) keepDraft(form);
      sendWell(form);
      offerPlace(form);
      if (form.dataset.steps !== undefined && !document.getElementById("salah") &&
          matchMedia("(max-width:47.99rem)").matches) inSteps(form);
      proveIfAsked(form);
    }
    if (document.querySelector("[data-sent]")) draft.drop();
  }

  begin();
})();
