using System.Reflection;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Quarry.Microbench -- --filter '*List*'
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
