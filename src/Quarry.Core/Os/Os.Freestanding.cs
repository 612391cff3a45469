// An image is made for one system, which is its operating system.
global using Os = Quarry.LinuxOs;

namespace Quarry;
