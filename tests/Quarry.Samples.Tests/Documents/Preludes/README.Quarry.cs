internal struct Order
{
    public int Price;
}
