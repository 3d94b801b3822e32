export { ConnectionsPage } from './connections.page.js';
export { ExistingAppPage } from './existing-app.page.js';
export { NewConnectionPage } from './new-connection.page.js';
