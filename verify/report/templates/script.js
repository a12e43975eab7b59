"use strict";
(() => {
  const get = id => document.getElementById(id);
  const articles = [...document.querySelectorAll("article.claim")];
  const claims = articles.map(article => ({
    article,
    head: [...article.children].filter(e => !e.matches(".part")).map(e => e.textContent).join(" ").toLowerCase(),
    parts: [...article.querySelectorAll(".part")].map(part => ({ part, text: (part.id + " " + part.textContent).toLowerCase() })),
  }));
  const controls = ["by-state", "by-kind", "by-section", "by-text"].map(get);
  const show = () => {
    const [state, kind, section, text] = controls.map(c => c.value.trim().toLowerCase());
    let shown = 0, parts = 0;
    for (const { article, head, parts: own } of claims) {
      const data = article.dataset;
      const fits = (!kind || data.kind === kind) && (!section || data.section === section);
      const inHead = !text || (article.id + " " + head).includes(text);
      let any = fits && !state && inHead;
      for (const { part, text: words } of own) {
        const visible = fits && (!state || part.classList.contains("is-" + state)) && (inHead || words.includes(text));
        part.hidden = !visible;
        any ||= visible;
        parts += visible;
      }
      article.hidden = !any;
      shown += any;
    }
    for (const group of document.querySelectorAll("h2.group"))
      group.hidden = !articles.some(a => a.dataset.section === group.dataset.section && !a.hidden);
    const status = get("shown");
    status.textContent = status.dataset.text.replace("{c}", shown).replace("{p}", parts);
  };
  const clear = () => { controls.forEach(c => { c.value = ""; }); show(); };
  const fold = open => claims.forEach(({ article }) => {
    if (!article.hidden) article.querySelectorAll("details").forEach(d => { d.open = open; });
  });
  const follow = () => {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && get(id);
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  };
  controls.forEach(c => c.addEventListener("input", show));
  get("expand").addEventListener("click", () => fold(true));
  get("collapse").addEventListener("click", () => fold(false));
  addEventListener("hashchange", follow);
  const graph = document.querySelector("#graph svg");
  const trace = event => {
    const node = event.target.closest?.(".node");
    const leaving = event.type === "mouseout" || event.type === "focusout";
    graph.classList.toggle("tracing", !!node && !leaving);
    for (const edge of graph.querySelectorAll(".edge"))
      edge.classList.toggle("on", !!node && !leaving && [edge.dataset.from, edge.dataset.to].includes(node.dataset.name));
  };
  ["mouseover", "mouseout", "focusin", "focusout"].forEach(name => graph.addEventListener(name, trace));
  const reachable = () => {
    const scrolling = [...document.querySelectorAll(".display, .broken, .plot, blockquote")].filter(e => e.scrollWidth > e.clientWidth);
    scrolling.forEach(e => { e.tabIndex = 0; });
  };
  let waiting = 0;
  const soon = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; reachable(); }); };
  addEventListener("resize", soon);
  document.addEventListener("toggle", soon, true);
  const aside = document.querySelector(".contents details"), wide = matchMedia("(min-width: 68rem)");
  const lay = () => { aside.open = wide.matches; };
  wide.addEventListener("change", lay);
  lay();
  get("filter").hidden = false;
  show();
  reachable();
  follow();
})();
