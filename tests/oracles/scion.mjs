// Plays walks back in SCION. Standard input: [{ "chart": PATH, "walks": [[event, ...], ...] }, ...]. Standard output: for each
// chart and walk, the state the chart is in at the start and after each event.
// Its one argument is the folder that SCION is installed in.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve as absolute } from "node:path";

const scxml = createRequire(absolute(process.argv[2], "package.json"))("@scion-scxml/scxml");
const asked = JSON.parse(readFileSync(0, "utf8"));

const read = (path) =>
  new Promise((resolve, reject) => {
    scxml.pathToModel(path, (error, model) => {
      if (error) return reject(error);
      model.prepare((fault, prepared) => (fault ? reject(fault) : resolve(prepared)));
    });
  });

const answers = [];
for (const { chart, walks } of asked) {
  const model = await read(chart);
  answers.push(
    walks.map((walk) => {
      const player = new scxml.core.Statechart(model);
      const seen = [player.start().join(" ")];
      for (const name of walk) seen.push(player.gen({ name }).join(" "));
      return seen;
    }),
  );
}
process.stdout.write(JSON.stringify(answers));
