/**
 * The document of a rendered page, for a frame with an empty `sandbox`: it has an origin of its own and runs no scripts.
 * Links do nothing, because the sandbox allows no new windows.
 */
export function pageDocument(article: string, styleSheet: string): string {
  const { origin } = new URL(styleSheet);
  const policy = `default-src 'none'; style-src ${origin}; img-src data:`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<base target="_blank">
<title>Preview</title>
<link rel="stylesheet" href="${styleSheet}">
</head>
<body class="article"><main><article>${article}</article></main></body>
</html>
`;
}
