import Testing

@Suite("WorkerDomain")
struct ModuleTests {}
