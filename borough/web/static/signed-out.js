// A page that shows people goes from the screen when its session is over, also where nobody comes back to it. Two minutes
// before, whoever is there may stay. What was typed is sent at the end: the session being over, the server keeps it for
// whoever signs in again, and does nothing with it.
(() => {
  const { seconds, still } = document.currentScript.dataset
  const WARNED = still ? 120 : 0
  const notice = document.querySelector('[data-stay]')
  let typed = null
  let due = 0

  const later = (wait) => {
    due = Date.now() + wait * 1000
    setTimeout(look, wait * 1000)
  }

  // How long the session goes on, in seconds: another tab may have used it. Sent as a form, it counts as use.
  const ask = async (how) => {
    if (!still) return 0
    const answer = await fetch(still, { cache: 'no-store', ...how })
    return answer.ok ? Number(await answer.text()) : 0
  }

  const goOn = (rest) => {
    if (notice) notice.hidden = rest > WARNED
    later(rest > WARNED ? rest - WARNED + 1 : rest + 1)
  }

  const look = async () => {
    if (Date.now() < due) return
    // Whatever waking a machine sets going at once asks once.
    due = Infinity
    let rest = 0
    let reached = true
    try {
      rest = await ask({})
    } catch {
      reached = false
    }
    if (rest > 0) {
      goOn(rest)
    } else if (typed && reached) {
      typed.submit()
    } else if (typed) {
      // Kept, and out of sight, until there is a network again.
      document.body.hidden = true
      later(30)
    } else {
      document.body.replaceChildren()
      location.replace(location.pathname + location.search)
    }
  }

  const stay = async () => {
    const token = document.querySelector('[name=csrfmiddlewaretoken]').value
    const rest = await ask({ method: 'POST', headers: { 'X-CSRFToken': token } }).catch(() => 0)
    if (rest > 0) goOn(rest)
  }

  if (notice) notice.querySelector('button').addEventListener('click', stay)
  document.addEventListener('input', (event) => {
    const { form } = event.target
    if (form && form.method === 'post') typed = form
  })
  // A machine that slept has missed the hour.
  document.addEventListener('visibilitychange', look)
  later(Number(seconds) - WARNED + 1)
})()
