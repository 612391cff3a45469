global using OpenTelemetry;
global using OpenTelemetry.Metrics;
