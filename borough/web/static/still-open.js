// A page that shows people goes within a second of the door closing behind it. Asked for each second while it is seen.
(() => {
  const { purpose, since } = document.currentScript.dataset
  const address = `${document.currentScript.dataset.doors}?purpose=${encodeURIComponent(purpose)}`
  let asking = false
  const ask = async () => {
    if (asking || document.visibilityState !== 'visible') return
    asking = true
    try {
      const answer = await fetch(address, { cache: 'no-store', credentials: 'omit' })
      const closed = (await answer.text()).trim()
      // Asked for anew, the page comes through the door, or does not.
      if (answer.ok && closed > since) location.reload()
    } catch {
      // Without a network nothing is told: the next try may be.
    }
    asking = false
  }
  setInterval(ask, 900)
  document.addEventListener('visibilitychange', ask)
})()
