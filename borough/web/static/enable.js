// GOV.UK Frontend's first line, in a file because inline scripts are forbidden here.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');
