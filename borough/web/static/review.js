// Keys on the page of two records: s same, d different, u not sure, n next. Without this file its buttons do the same.
(() => {
  const form = document.querySelector('[data-review]')
  const keys = document.querySelector('[data-review-keys]')
  const toggle = document.querySelector('[data-review-toggle]')
  const why = form && form.querySelector('textarea')
  if (!form || !keys || !toggle || !why) return

  // Single keys can get in the way of speech input, so that they can be turned off (WCAG 2.1.4); it is remembered.
  const store = 'review-keys'
  let on = localStorage.getItem(store) !== 'off'
  const show = () => toggle.setAttribute('aria-pressed', String(on))
  keys.hidden = false
  show()
  toggle.addEventListener('click', () => {
    on = !on
    localStorage.setItem(store, on ? 'on' : 'off')
    show()
  })

  let waiting = null
  document.addEventListener('keydown', (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (event.target === why) {
      if (event.key === 'Enter' && !event.shiftKey && waiting && why.value.trim()) {
        event.preventDefault()
        waiting.click()
      } else if (event.key === 'Escape') {
        why.blur()
      }
      return
    }
    if (event.target.closest('input, select, textarea')) return
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
    if (!wanted) return
    event.preventDefault()
    if ('needsWhy' in wanted.dataset && !why.value.trim()) {
      waiting = wanted
      why.focus()
    } else {
      wanted.click()
    }
  })
})()
