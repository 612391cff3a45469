global using Quarry.Profiles;
