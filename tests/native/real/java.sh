# The version goes to standard error, which is not compared: it names the options that the machine set.
java -version && java -Xmx256m "$1/Work.java"
