// Ten times the layouts and the random deaths, with a seed of the day.
process.env['RUNS'] = '4000';
process.env['TRIALS'] = '500';
process.env['SEED'] ??= String(Math.floor(Date.now() / 1000) % 1_000_000_000);
process.stdout.write(`SEED=${process.env['SEED']}\n`);
