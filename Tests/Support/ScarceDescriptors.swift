import Glibc

/// A process that may open nothing for a moment; the tests of a process run one after the other.
package enum ScarceDescriptors {
    package static func during<Value>(_ body: () throws -> Value) rethrows -> Value {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limits = rlimit()
        getrlimit(resource, &limits)
        var scarce = limits
        scarce.rlim_cur = 3
        setrlimit(resource, &scarce)
        defer { setrlimit(resource, &limits) }
        return try body()
    }
}
