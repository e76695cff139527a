extension Sentences {
    /// Buckets of S3 servers, plain folders, and writing.
    static let stores: [Phrase] = [
        Phrase("the listing repeats its cursor", "列表重复了同一个游标"),
        Phrase("the listing goes on and does not say where", "列表未结束，但没有给出后续位置"),
        Phrase("a size in the listing is not a number", "列表中的大小不是数字"),
        Phrase(
            "the server responded with a web page, not with S3's XML", "服务器返回的是网页，而不是 S3 的 XML"),
        Phrase("check the endpoint", "请检查 endpoint"),
        Phrase("the response is not S3's XML, or ends early", "响应不是 S3 的 XML，或不完整"),
        Phrase("the server responded with %1", "服务器返回 %1"),
        Phrase("no such bucket", "没有这个存储桶"),
        Phrase("the credentials were refused", "凭据被拒绝"),
        Phrase("access denied", "拒绝访问"),
        Phrase("the clock of this machine is wrong", "本机时钟不准"),
        Phrase("set it, for example with timedatectl", "请校准，例如用 timedatectl"),
        Phrase("the bucket is in another region", "存储桶在另一个区域"),
        Phrase("set region = \"%1\"", "请设置 region = \"%1\""),
        Phrase("%1 cannot be reached: %2", "无法连接 %1：%2"),
        Phrase("tried %1 times", "已尝试 %1 次"),
        Phrase("the server asks to wait %1 s", "服务器要求等待 %1 秒"),
        Phrase("the response is larger than %1 bytes", "响应超过 %1 字节"),
        Phrase("cancelled", "已取消"),
        Phrase("out of memory", "内存不足"),
        Phrase("the server sent another range than was asked for", "服务器返回的范围与请求不符"),
        Phrase("the server sent fewer bytes than it said", "服务器返回的字节少于其声明"),
        Phrase("the server does not say how long the object is", "服务器没有说明对象的长度"),
        Phrase("the server has stored something else", "服务器存储的内容与上传不符"),
        Phrase("the server gave a part no etag", "服务器没有给出分段的 etag"),
        Phrase("the lifetime must be 1 second to 7 days", "有效期必须是 1 秒到 7 天"),
        Phrase("the method must be GET, HEAD, PUT or DELETE", "方法必须是 GET、HEAD、PUT 或 DELETE"),
        Phrase("a key has 1 to 1,024 bytes", "键的长度为 1 到 1,024 字节"),
        Phrase("at most 1,000 keys are deleted at a time", "一次最多删除 1,000 个键"),
        Phrase("the metadata \"%1\" cannot go into a header: it must be ASCII", "元数据“%1”不能写入头字段：必须是 ASCII"),
        Phrase("the endpoint must begin with https:// or http://", "endpoint 必须以 https:// 或 http:// 开头"),
        Phrase(
            "the endpoint must be a host alone, like https://s3.example.com", "endpoint 只能是主机，例如 https://s3.example.com"
        ),
        Phrase(
            "the bucket's name may contain only letters, digits, dots, hyphens and underscores",
            "存储桶名称只能含有字母、数字、点、连字符和下划线"),
        Phrase("no keys for the profile \"%1\" in %2", "%2 中没有配置“%1”的密钥"),
        Phrase("no credentials found", "找不到凭据"),
        Phrase(
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or profile in worker-console.toml",
            "请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，或 worker-console.toml 中的 profile"),
        Phrase(
            "Cloudflare did not accept CLOUDFLARE_API_TOKEN (status %1)", "Cloudflare 没有接受 CLOUDFLARE_API_TOKEN（状态 %1）"),
        Phrase(
            "no endpoint; set bindings.%1.endpoint in worker-console.toml, AWS_ENDPOINT_URL_S3, or CLOUDFLARE_ACCOUNT_ID for R2",
            "没有 endpoint；请在 worker-console.toml 中设置 bindings.%1.endpoint，或设置 AWS_ENDPOINT_URL_S3，R2 可设置 CLOUDFLARE_ACCOUNT_ID"
        ),
        Phrase("store = \"%1\" is only for buckets", "store = \"%1\" 仅用于存储桶"),
        Phrase("%1 is not one", "%1 不是存储桶"),
        Phrase("bindings.%1.path is missing: it names the folder", "缺少 bindings.%1.path：它指定目录"),
        Phrase("not a folder: %1", "不是目录：%1"),
        Phrase("a folder can hold only keys that are relative paths", "目录中的键只能是相对路径"),
        Phrase("the binding has no name", "绑定没有名称"),
        Phrase("it was deleted again meanwhile", "它随即又被删除"),
        Phrase("it is shorter than it was", "它比之前短"),
        Phrase("the database changed while it was read", "读取期间数据库发生了变化"),
        Phrase("a URL like \"https://s3.example.com\"", "“https://s3.example.com”形式的 URL"),
        Phrase("the name of a bucket", "存储桶名称"),
        Phrase("the name of a region like \"eu-central-1\"", "“eu-central-1”形式的区域名称"),
        Phrase("the name of a profile in ~/.aws", "~/.aws 中的配置名称"),
    ]
}
