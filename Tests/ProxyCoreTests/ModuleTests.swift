import Testing

@Suite("ProxyCore")
struct ModuleTests {}
