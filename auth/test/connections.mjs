// Loaded into the service by a test: logs each address that is about to be contacted.
import net from "node:net";

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [{ host, port }] = net._normalizeArgs(args);
  console.log(JSON.stringify({ event: "connecting", to: `${host}:${port}` }));
  return connect.apply(this, args);
};
