// Draws an area on the map, by pointer or keyboard, and hands it to the form as the file that it asks for.
(() => {
  const board = document.querySelector('[data-draw]')
  const field = board && document.getElementById(board.dataset.draw)
  const frame = board && board.querySelector('[data-draw-map]')
  const svg = frame && frame.querySelector('svg')
  const says = board && board.querySelector('[data-draw-says]')
  if (!field || !svg || !says) return

  const { west, north, margin, across, down } = Object.fromEntries(
    Object.entries(svg.dataset).map(([name, text]) => [name, Number(text)])
  )
  const whole = svg.viewBox.baseVal
  const [width, height] = [whole.width, whole.height]
  const closest = 32
  let corners = []
  let zoom = 1
  let cross = { x: width / 2, y: height / 2 }
  let left = 0
  let top = 0

  const make = (name, kind) => {
    const node = document.createElementNS(svg.namespaceURI, name)
    node.setAttribute('class', kind)
    return node
  }
  // The ground that the server drew gives way to the one that can be changed.
  svg.querySelectorAll('.house-map__ground').forEach((node) => board.dataset.drawn && node.remove())
  const ground = make('path', 'house-map__ground')
  const dots = make('g', 'house-map__corner')
  const mark = make('path', 'house-map__cross')
  svg.append(ground, dots, mark)

  const bound = (value, most) => Math.min(Math.max(value, 0), most)
  const degrees = ({ x, y }) => [west + (x - margin) / across, north - (y - margin) / down]
  const pixels = ([lon, lat]) => ({ x: (lon - west) * across + margin, y: (north - lat) * down + margin })

  const hand = () => {
    const files = new DataTransfer()
    if (corners.length > 2) {
      const ring = [...corners, corners[0]].map((corner) => degrees(corner).map((one) => Number(one.toFixed(6))))
      const shape = JSON.stringify({ type: 'Polygon', coordinates: [ring] })
      files.items.add(new File([shape], 'drawn-area.geojson', { type: 'application/geo+json' }))
    }
    field.files = files.files
  }

  const show = () => {
    svg.setAttribute('viewBox', `${left} ${top} ${width / zoom} ${height / zoom}`)
    const line = corners.map(({ x, y }) => `${x} ${y}`).join('L')
    ground.setAttribute('d', line ? `M${line}${corners.length > 2 ? 'z' : ''}` : '')
    dots.replaceChildren(
      ...corners.map(({ x, y }) => {
        const dot = make('circle', '')
        Object.entries({ cx: x, cy: y, r: 5 / zoom }).forEach(([name, value]) => dot.setAttribute(name, value))
        return dot
      })
    )
    const arm = 12 / zoom
    mark.setAttribute('d', `M${cross.x - arm} ${cross.y}h${2 * arm}M${cross.x} ${cross.y - arm}v${2 * arm}`)
    const words = [says.dataset.none, says.dataset.few, says.dataset.few][corners.length] || says.dataset.enough
    says.textContent = words.replace('{n}', corners.length)
    frame.classList.toggle('house-draw--closer', zoom > 1)
  }

  const look = (x, y) => {
    left = bound(x, width - width / zoom)
    top = bound(y, height - height / zoom)
  }
  const centre = () => look(cross.x - width / zoom / 2, cross.y - height / zoom / 2)
  const change = (next) => {
    corners = next
    hand()
    show()
  }
  const zoomTo = (next) => {
    zoom = Math.min(Math.max(next, 1), closest)
    centre()
    show()
  }
  const deeds = {
    closer: () => zoomTo(zoom * 2),
    further: () => zoomTo(zoom / 2),
    undo: () => change(corners.slice(0, -1)),
    clear: () => change([])
  }
  board.querySelectorAll('[data-draw-do]').forEach((button) => {
    button.addEventListener('click', deeds[button.dataset.drawDo])
  })

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  const keys = {
    Enter: () => change([...corners, { ...cross }]),
    Backspace: deeds.undo,
    '+': deeds.closer,
    '-': deeds.further
  }
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = steps[event.key]
    if (step) {
      const far = (event.shiftKey ? 1 : 10) / zoom
      cross = { x: bound(cross.x + step[0] * far, width), y: bound(cross.y + step[1] * far, height) }
      const inside = cross.x > left && cross.x < left + width / zoom && cross.y > top && cross.y < top + height / zoom
      if (!inside) centre()
      show()
    } else if (keys[event.key]) {
      keys[event.key]()
    } else {
      return
    }
    event.preventDefault()
  })

  // A press sets a corner; a press that is dragged, on a map that is looked at closely, moves the map.
  let held = null
  const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
  svg.addEventListener('pointerdown', (event) => {
    held = { x: event.clientX, y: event.clientY, left, top, moved: false }
  })
  svg.addEventListener('pointermove', (event) => {
    if (!held || zoom === 1) return
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y]
    if (Math.hypot(dx, dy) < 8 && !held.moved) return
    held.moved = true
    const scale = width / zoom / svg.clientWidth
    look(held.left - dx * scale, held.top - dy * scale)
    show()
  })
  svg.addEventListener('pointerup', (event) => {
    if (held && !held.moved) {
      const { x, y } = at(event)
      cross = { x, y }
      change([...corners, { x, y }])
    }
    held = null
  })
  svg.addEventListener('pointercancel', () => { held = null })

  const drawn = board.dataset.drawn && JSON.parse(board.dataset.drawn)
  if (drawn && drawn.coordinates.length === 1) {
    corners = drawn.coordinates[0].slice(0, -1).map(pixels)
    hand()
  }
  frame.tabIndex = 0
  frame.setAttribute('role', 'application')
  frame.setAttribute('aria-label', says.dataset.label)
  frame.setAttribute('aria-describedby', 'draw-help')
  board.hidden = false
  board.querySelectorAll('[data-draw-tools]').forEach((tools) => { tools.hidden = false })
  show()
})()
