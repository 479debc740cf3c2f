/**
 * Refuses an old Node.js when the package is imported. Without this a part of it fails later, and does not say why.
 */
const version = globalThis.process?.versions?.node ?? ""
const [major = 0, minor = 0] = version.split(".").map(Number)

if (version !== "" && (major < 22 || (major === 22 && minor < 19))) {
  const message = `perdure needs Node.js 22.19 or later, and this is ${version}: install a newer one`
  // The place where it is thrown says nothing.
  throw Object.assign(new Error(message), { stack: message })
}
