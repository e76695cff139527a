import Testing

@Suite("WorkerProject")
struct ModuleTests {}
