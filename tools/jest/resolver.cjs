/** Lets `./x.js`, which is what an ES module has to write, find `./x.ts` or `./x.tsx` in our sources. */
module.exports = (request, options) => {
  try {
    return options.defaultResolver(request, options);
  } catch (error) {
    if (!request.startsWith('.') || !request.endsWith('.js')) throw error;
    const stem = request.slice(0, -'.js'.length);
    try {
      return options.defaultResolver(`${stem}.ts`, options);
    } catch {
      return options.defaultResolver(`${stem}.tsx`, options);
    }
  }
};
