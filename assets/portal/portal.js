// Three comforts; every page works without them. The summary of what is wrong with a form takes the focus, so that it is read first; a form
// that was sent is not sent again by a second click; and a page is printed with all that is folded away.
document.querySelector('[data-module="govuk-error-summary"], .govuk-notification-banner[role="alert"]')?.focus()
document.querySelectorAll('form[data-once]').forEach(form => {
  let sent = 0
  form.addEventListener('submit', event => {
    if (Date.now() - sent < 5000) event.preventDefault()
    else sent = Date.now()
  })
})
addEventListener('beforeprint', () => document.querySelectorAll('.weal-topic:not([open])').forEach(fold => {
  fold.open = true
  addEventListener('afterprint', () => { fold.open = false }, {once: true})
}))
