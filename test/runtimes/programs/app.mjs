// app.cjs, for bundlers that begin with an ES module.
import './app.cjs';
